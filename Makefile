# `make demo` shows pnpc on the example project, `make test` runs all tests; both make their own environment.
# `make docs` writes what is generated: rule pages, tables, the picture, and the output in console blocks.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: demo test lint bench docs clean

$(VENV)/.installed: pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "make: needs $(PYTHON), version 3.11 or later"; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "make: $(PYTHON) is older than 3.11; try make PYTHON=python3.12"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	@$(BIN)/python -m compileall -q pnpc  # as pip does for what it installs whole
	@touch $@

demo: $(VENV)/.installed
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh examples/demo.sh

test: $(VENV)/.installed
	$(BIN)/ruff check pnpc tests benchmarks tools docs/*.py
	$(BIN)/ruff format --check --quiet pnpc tests benchmarks tools docs/*.py
	$(BIN)/mypy
	$(BIN)/pytest -n auto

lint: $(VENV)/.installed
	$(BIN)/ruff check pnpc tests benchmarks tools docs/*.py
	$(BIN)/ruff format --check pnpc tests benchmarks tools docs/*.py
	$(BIN)/mypy

bench: $(VENV)/.installed
	$(BIN)/python benchmarks/run.py

docs: $(VENV)/.installed
	$(BIN)/pnpc rules --write-docs docs/rules
	$(BIN)/python docs/tables.py
	$(BIN)/python docs/picture.py
	$(BIN)/python docs/console.py

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis dist build
