"""Reading the spine: directives, measures, assignments, coverage, holes, and the figures of the live answer."""

from qingqu.deployments.queries.assignments import (
    assignment_rows,
    by_natural_id,
    evidence_rows,
    evidence_within,
    mine,
    parts_of,
    posts_to_share,
    tree,
    visible_assignments,
)
from qingqu.deployments.queries.coverage import matrix, units_of, units_without
from qingqu.deployments.queries.directives import (
    KIND,
    directive_public,
    external_references,
    files_of,
    found_directives,
    may_manage,
    measures_of,
    public_directives,
    subject,
    visible,
    visible_measures,
)
from qingqu.deployments.queries.exchange import export, plan_import, template, tried
from qingqu.deployments.queries.holes import OF_MEASURES, hole_counts, hole_rows, hole_tallies
from qingqu.deployments.queries.summary import measure_rows, measure_summaries, pillar_summary

__all__ = [
    "KIND",
    "OF_MEASURES",
    "assignment_rows",
    "by_natural_id",
    "directive_public",
    "evidence_rows",
    "evidence_within",
    "export",
    "external_references",
    "files_of",
    "found_directives",
    "hole_counts",
    "hole_rows",
    "hole_tallies",
    "matrix",
    "may_manage",
    "measure_rows",
    "measure_summaries",
    "measures_of",
    "mine",
    "parts_of",
    "pillar_summary",
    "plan_import",
    "posts_to_share",
    "public_directives",
    "subject",
    "template",
    "tree",
    "tried",
    "units_of",
    "units_without",
    "visible",
    "visible_assignments",
    "visible_measures",
]
