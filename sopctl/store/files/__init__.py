"""The record as files: JSON cases, a ledger and a register of lines, changed under one lock."""
