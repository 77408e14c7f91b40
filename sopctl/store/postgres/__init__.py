"""The record in PostgreSQL: one database for many offices, each with its own role and ledger."""
