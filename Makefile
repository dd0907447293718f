# The three commands to know: `make demo`, `make test`, `make clean`. Everything is set up in .venv, once, and
# again only when pyproject.toml has changed. `make test PYTHON=/path/to/python3.12` chooses the Python.

.SUFFIXES:
.DELETE_ON_ERROR:
.PHONY: help demo test lint docs bench clean

VENV = .venv
BIN = $(VENV)/bin
READY_TO_RUN = $(VENV)/.ready-to-run
READY_TO_TEST = $(VENV)/.ready-to-test

# Whoever is set up for the tests can run the demo as well.
READY = $(or $(wildcard $(READY_TO_TEST)),$(READY_TO_RUN))

# A .venv that was moved or copied along with its folder points at the old place: make it anew.
ifneq ($(shell cat $(VENV)/.made-in 2>/dev/null),$(shell pwd))
.PHONY: $(VENV)/.made-in
endif

# Inside a git hook these would send every git command of a test to this repository.
unexport GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_PREFIX GIT_COMMON_DIR GIT_OBJECT_DIRECTORY

# Without compiled files each process compiles okr, and each run of pytest the tests, anew.
unexport PYTHONDONTWRITEBYTECODE

help:
	@echo "make demo    build a throw-away workspace and walk through what okr does"
	@echo "make test    every check: ruff, mypy, the layers, all tests with their coverage"
	@echo "make lint    the checks without the tests"
	@echo "make docs    write the pages of docs/rules and the schemas of the examples anew"
	@echo "make bench   measure speed and memory on generated workspaces (BENCH=--quick for small ones)"
	@echo "make clean   remove what the commands above have made, .venv included"

demo: $(READY)
	@$(BIN)/python -m okr demo

test: lint
	PYTHONUTF8=1 $(BIN)/python -m pytest --cov --cov-report=term

lint: $(READY_TO_TEST)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(READY_TO_TEST)
	$(BIN)/python docs/build_rules.py
	$(BIN)/python -m okr -C examples/startup schema --write .okr/schema
	$(BIN)/python -m okr -C examples/agence schema --write .okr/schema

# `make bench BENCH='--only startup example --json bench.json'`; `--help` lists the options.
bench: $(READY_TO_TEST)
	@$(BIN)/python bench/performance.py $(BENCH)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -rf .coverage .coverage.* htmlcov build dist
	find okr tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY_TO_RUN): pyproject.toml $(VENV)/.made-in
	@echo "Setting up what okr needs in $(VENV); this happens once."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(READY_TO_TEST): pyproject.toml $(VENV)/.made-in
	@echo "Setting up what okr and its tests need in $(VENV); this happens once and takes a minute."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

# The first Python that is recent enough; `python3` before any other.
$(VENV)/.made-in:
	@recent='import sys; sys.exit(sys.version_info < (3, 11))'; \
	for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		if "$$python" -c "$$recent" 2>/dev/null; then \
			"$$python" -m venv --clear $(VENV) && pwd > $@; exit; \
		fi; \
	done; \
	echo "okr needs Python 3.11 or later, and none was found; python3 here is: $$(python3 --version 2>&1)" >&2; \
	echo "Install one, or name it: make PYTHON=/path/to/python3.12 test" >&2; \
	exit 1
