"""The spine: directive, measure, accountable post, evidence."""
