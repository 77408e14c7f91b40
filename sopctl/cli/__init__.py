"""The command line: typer and rich, and nothing else knows them."""
