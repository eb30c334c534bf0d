# `make run` and `make test` each do the whole set-up: Python 3.12 or newer and make are all they need.
# PYTHON=/path/to/python chooses the interpreter when .venv is made (`make clean` first to change it).

BIN := .venv/bin
SCENARIO ?= scenarios/gfmd-2007-2015.yaml
WORKERS ?= 2

# Where it is set, each of the many processes of a run or a test would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test lint verify bench docs images lock clean run-environment dev-environment

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' Makefile

run: run-environment ## Run the first forum's scenario (SCENARIO=file for another)
	$(BIN)/migsim run $(SCENARIO)

test: lint ## Check style and types, then run the tests (WORKERS=2)
	$(BIN)/python -m pytest -n $(WORKERS)

lint: dev-environment ## Check style and types only
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

verify: dev-environment ## Run the long checks that `make test` leaves out
	$(BIN)/python -m pytest -m slow

bench: dev-environment ## Time the model: one table and benchmarks/results.json (PARTS=growth: that part, table only)
	$(BIN)/python benchmarks/bench.py $(PARTS)

docs: dev-environment ## Rewrite the tables and figures of the documentation
	$(BIN)/python docs/figures.py
	$(BIN)/python docs/generate.py

images: dev-environment ## Draw the pictures anew that the tests hold the figures against
	$(BIN)/python -m tests.images.baselines

# Needs uv; nothing else does. Keeps the pins it can: LOCK_OPTIONS=--upgrade renews them all.
# The run pins constrain the dev ones, so that both environments hold the same versions.
UV ?= uv
COMPILE = UV_PYTHON_DOWNLOADS=never $(UV) pip compile pyproject.toml --python "$$(sh tools/python.sh)" --python-version 3.12 \
	--universal --generate-hashes --no-header --quiet $(LOCK_OPTIONS)

lock: ## Compile requirements/*.txt from pyproject.toml (needs uv)
	$(COMPILE) --group build --output-file requirements/run.txt
	$(COMPILE) --group dev --constraint requirements/run.txt --output-file requirements/dev.txt

clean: ## Remove the environment and everything made by tools; runs are kept
	rm -rf .venv build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

run-environment:
	@sh tools/environment.sh run

dev-environment:
	@sh tools/environment.sh dev
