"""The answer to each question as typed data, with its presentation: columns for tables, JSON, notes."""
