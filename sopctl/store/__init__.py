"""The record on disk: JSON files that are replaced whole, under a lock, in one transaction a command."""
