# `make demo` shows pnpc on the example project, `make test` runs all tests; both make their own environment from the
# locks in requirements/, so they work the same on any later day. `make test-newest` tries the newest of every library.
# `make docs` writes what is generated: rule pages, tables, the picture, and the output in console blocks.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
NEWEST := .venv-newest
LOCKER := .venv-lock
PIP    := -m pip --quiet --disable-pip-version-check
LOCK   := $(LOCKER)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command 'make lock' pyproject.toml requirements/build.in
CODE   := pnpc tests benchmarks tools

.PHONY: demo test test-newest lint bench docs lock clean

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "make: needs $(PYTHON), version 3.11 or later"; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "make: $(PYTHON) is older than 3.11; try make PYTHON=python3.12"; exit 2; }
	@echo "make: making an environment in $(VENV)/"
	@$(PYTHON) -m venv $(VENV)

# What pnpc needs to run, and pnpc itself from this folder.
$(VENV)/.run: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	@echo "make: installing the libraries that pnpc needs (requirements/run.txt); this takes up to a minute"
	@$(BIN)/python $(PIP) install --require-hashes -r requirements/run.txt
	@$(BIN)/python $(PIP) install --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q pnpc  # as pip does for what it installs whole
	@touch $@

# And what its tests need.
$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@echo "make: installing the libraries that the tests need (requirements/dev.txt); this takes up to two minutes"
	@$(BIN)/python $(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

demo: $(VENV)/.run
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh examples/demo.sh

test: lint
	$(BIN)/python tools/no_leftovers.py $(BIN)/pytest -n auto

lint: $(VENV)/.dev
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check --quiet $(CODE)
	$(BIN)/mypy
	$(BIN)/mypy tools

# Always a new environment: whatever came out since the locks were made. It shows what differs from the locks.
test-newest:
	@echo "make: making an environment in $(NEWEST)/ with the newest of every library; this takes up to three minutes"
	@rm -rf $(NEWEST)
	@$(PYTHON) -m venv $(NEWEST)
	@$(NEWEST)/bin/python $(PIP) install -e '.[dev]'
	@$(NEWEST)/bin/python tools/newer.py requirements/dev.txt
	PNPC_TEST_EFFORT=2 $(NEWEST)/bin/python tools/no_leftovers.py $(NEWEST)/bin/pytest -n auto

bench: $(VENV)/.dev
	$(BIN)/python benchmarks/run.py

docs: $(VENV)/.dev
	$(BIN)/pnpc rules --write-docs docs/rules
	$(BIN)/python tools/tables.py
	$(BIN)/python tools/picture.py
	$(BIN)/python tools/rooms.py
	$(BIN)/python tools/console.py

# New locks, with the newest versions, for every platform and every Python from 3.11 on. Run the tests before you commit them.
lock:
	@test -x $(LOCKER)/bin/uv || { $(PYTHON) -m venv $(LOCKER) && $(LOCKER)/bin/python $(PIP) install uv; }
	$(LOCK) --upgrade --extra dev -o requirements/dev.txt
	$(LOCK) --extra compile --extra send --extra watch --constraints requirements/dev.txt -o requirements/run.txt

clean:
	rm -rf $(VENV) $(NEWEST) $(LOCKER) .mypy_cache .pytest_cache .ruff_cache .hypothesis dist build
