# `make cycle` runs the reference cycle, `make test` the tests; both make the environment first.
PYTHON ?= python3
PROCESSORS := $(shell getconf _NPROCESSORS_ONLN)
# Test processes side by side: one more than processors, because some wait for what they started.
WORKERS ?= $(shell expr $(PROCESSORS) + 1)
TERMGATE_HOME ?= ./home
# The types are looked at beside the tests, where there is a processor for each.
ifneq ($(PROCESSORS),1)
MAKEFLAGS += --jobs=2
endif
# What is compiled once need not be compiled in each of the processes that tests start.
export PYTHONDONTWRITEBYTECODE :=

ENVIRONMENT := .venv
BIN := $(ENVIRONMENT)/bin
PYTEST = $(BIN)/python -m tests.with_services $(BIN)/pytest --numprocesses $(WORKERS)
STAMP := $(ENVIRONMENT)/.made
INSTALL := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-deps

.DEFAULT_GOAL := help
.PHONY: help environment cycle test quick style types imports suite cheap long costs lock pools format bench serve clean

help:
	@echo 'make cycle    run the reference cycle from plan to election'
	@echo 'make test     check the style, the types and the imports, and run the tests'
	@echo 'make quick    the same in a minute, but for the tests that are dear (tests/costs.txt)'
	@echo 'make long     try more of what the tests try: kills, crowds, full disks'
	@echo 'make costs    measure which tests are dear (TESTS=tests/...: only these)'
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

test: style types imports suite

quick: style types imports cheap

style: $(STAMP)
	@echo '1/4 style'
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo 'not in shape: run make format' >&2; exit 1; }

imports: $(STAMP)
	@echo '2/4 imports'
	@$(BIN)/lint-imports --no-logo

types: $(STAMP) | style imports
	@echo '3/4 types'
	@$(BIN)/mypy

suite: $(STAMP) | style imports
	@echo '4/4 tests'
	@$(PYTEST)

# What waits for other processes is dear: one test process for each processor keeps it busy.
cheap: WORKERS := $(PROCESSORS)
cheap: $(STAMP) | style imports
	@echo '4/4 tests that are not dear'
	@$(PYTEST) -m 'not dear and not long and not benchmark'

# What is tried in part by each of the others is tried whole.
long: $(STAMP)
	@TERMGATE_TEST_WHOLE=1 $(PYTEST) -m 'long or reduced'

# Many tests are run twice for this, so that what is made once is nobody's cost.
costs: $(STAMP)
	@$(PYTEST) --costs $(TESTS)

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
	@rm -rf .venv* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
