"""The demo district 清源区: fictional units, people and records, generated from a seed with planted anomalies."""
