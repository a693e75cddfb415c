# `make cycle` runs the reference cycle, `make test` the tests; both make the environment first.
PYTHON ?= python3
# Test processes side by side; each that needs a Prefect server starts one of its own.
WORKERS ?= 3
TERMGATE_HOME ?= ./home
# The tests that say most about the ledger; they run on SQLite like all, and on PostgreSQL again.
ON_BOTH := $(addprefix tests/, data/test_ledger.py data/test_status.py data/test_verify.py \
  data/test_receipts.py tasks/test_accept.py tasks/test_concurrency.py tasks/test_first_officer.py \
  tasks/test_moved.py authority/test_keys.py)

ENVIRONMENT := .venv
BIN := $(ENVIRONMENT)/bin
STAMP := $(ENVIRONMENT)/.made
INSTALL := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-deps

.DEFAULT_GOAL := help
.PHONY: help environment cycle test style types imports suite on-postgresql long lock pools format bench serve clean

help:
	@echo 'make cycle    run the reference cycle from plan to election'
	@echo 'make test     check the style, the types and the imports, and run the tests'
	@echo 'make long     try more of what the tests try: kills, crowds, full disks'
	@echo 'make serve    serve the Prefect pages and every stage over TERMGATE_HOME ($(TERMGATE_HOME))'
	@echo 'make bench    measure'
	@echo 'make format   put the code into shape'
	@echo 'make pools    write from the catalogue what prefect deploy reads'
	@echo 'make lock     resolve the dependencies again; UPGRADE=--upgrade takes newer releases'
	@echo 'make clean    remove what make made; TERMGATE_HOME stays'

environment: $(STAMP)

# The stamp comes last, so that an installation broken off is taken up again. The lock is whole:
# nothing is resolved anew, which takes pip a minute and misled that of Python 3.11. Its own pip
# comes first: it reads the index in half the time of that of Python 3.11.
$(STAMP): requirements.lock pyproject.toml
	@command -v '$(PYTHON)' >/dev/null || { \
	  echo 'Termgate needs Python 3.11 to 3.14: $(PYTHON) was not found; name one with PYTHON=...' >&2; exit 1; }
	@'$(PYTHON)' -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' || { \
	  echo "Termgate needs Python 3.11 to 3.14: $(PYTHON) is $$('$(PYTHON)' -V 2>&1); name another with PYTHON=..." >&2; exit 1; }
	@'$(PYTHON)' -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo 'Termgate needs venv: $(PYTHON) has none (on Debian: apt-get install python3-venv)' >&2; exit 1; }
	@echo '1/3 making $(ENVIRONMENT)'
	@'$(PYTHON)' -m venv $(ENVIRONMENT)
	@echo "2/3 installing $$(grep -c == requirements.lock) locked packages: a minute or two"
	@sed -n '/^pip==/,/[^\]$$/p' requirements.lock >$(ENVIRONMENT)/pip.lock
	@$(INSTALL) --require-hashes -r $(ENVIRONMENT)/pip.lock
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(BIN)/python -m pip check >/dev/null
	@echo '3/3 installing termgate'
	@$(INSTALL) --no-build-isolation -e .
	@touch $@

cycle serve: export TERMGATE_HOME := $(abspath $(TERMGATE_HOME))

cycle: $(STAMP)
	@$(BIN)/termgate demo

# With --jobs=2 the types, and then the ledger on PostgreSQL, are looked at beside the tests.
test: style types imports suite on-postgresql

style: $(STAMP)
	@echo '1/5 style'
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo 'not in shape: run make format' >&2; exit 1; }

types: $(STAMP)
	@echo '2/5 types'
	@$(BIN)/mypy

imports: $(STAMP)
	@echo '3/5 imports'
	@$(BIN)/lint-imports --no-logo

suite: $(STAMP) | style imports
	@echo '4/5 tests'
	@$(BIN)/python -m tests.with_postgres $(BIN)/pytest --numprocesses $(WORKERS) --dist worksteal

on-postgresql: $(STAMP) | style imports
	@echo '5/5 the ledger again, on PostgreSQL'
	@$(BIN)/python -m tests.with_postgres --ledger \
	  $(BIN)/pytest --numprocesses $(WORKERS) --dist worksteal $(ON_BOTH)

long: $(STAMP)
	@$(BIN)/python -m tests.with_postgres $(BIN)/pytest --numprocesses $(WORKERS) --dist worksteal -m long

# Two locks of the same versions: for developers, and for the image.
LOCK := $(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
  --generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links \
  --custom-compile-command 'make lock' --quiet

lock:
	@$(LOCK) --group dev $(UPGRADE) --output-file requirements.lock
	@$(LOCK) --group build --constraint requirements.lock --output-file deployments/requirements.lock
	@for lock in requirements.lock deployments/requirements.lock; do \
	  echo "$$lock: $$(grep -c == $$lock) packages"; done

# What `prefect deploy` reads follows from deployments/catalogue.py.
pools: $(STAMP)
	@$(BIN)/python -m deployments.pools

format: $(STAMP)
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

bench: $(STAMP)
	@$(BIN)/python -m tests.benchmarks

serve: $(STAMP)
	@$(BIN)/termgate serve

# TERMGATE_HOME holds decisions: no rule removes it.
clean:
	@rm -rf $(ENVIRONMENT) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
