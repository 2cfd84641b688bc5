"""A study on disk: settings, records, tables, queries, secrets."""
