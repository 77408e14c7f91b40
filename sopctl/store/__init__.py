"""The record: what use cases ask of a store (`protocol`), the store of files (`files`), caches, and single files."""
