"""The ledger on PostgreSQL: what SQLite has no counterpart of."""
