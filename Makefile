# The habits in four words; each runs in the environment that is active (see CONTRIBUTING.md).
.PHONY: check test bench docs

check: ## what CI demands of every commit before the tests: lint, format, types, import contract
	ruff check .
	ruff format --check .
	mypy
	lint-imports

test: ## the whole suite; tests whose tools are missing are skipped
	pytest -n auto

bench: ## the claims of bench/README.md, measured here and now
	python -m bench.run

docs: ## the tables of keys in docs/, written anew from the models
	python tests/docs/test_key_tables.py
