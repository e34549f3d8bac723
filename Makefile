# Needs git, make and Python 3.11 with venv. Everything else is set up here.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
DOCS_STAMP := $(VENV)/.installed-docs

.DEFAULT_GOAL := help
.PHONY: help demo test check format bench coverage validate docs gallery lock clean

help: ## Show this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; found: $$($(PYTHON) --version 2>&1)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python's venv is missing. On Debian or Ubuntu: sudo apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUN_STAMP): $(VENV)/bin/python requirements-build.txt requirements.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-build.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV_STAMP): $(RUN_STAMP) requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(DOCS_STAMP): $(DEV_STAMP) requirements-docs.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-docs.txt
	@touch $@

demo: $(RUN_STAMP) ## Set up, then make a whole synthetic case in demo/
	rm -rf demo
	$(BIN)/callotasis demo --out demo

test: $(DEV_STAMP) ## Set up, then run all tests; says what it skipped and how to install it
	$(BIN)/python -m pytest

check: $(DEV_STAMP) ## Format, lint, types and import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(DEV_STAMP) ## Put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(DEV_STAMP) ## Measure speed and memory; prints tables
	$(BIN)/python bench/run.py
	OPENBLAS_NUM_THREADS=1 $(BIN)/python bench/rounding.py
	$(BIN)/python bench/shortfalls.py
	$(BIN)/python bench/forecasts.py
	OPENBLAS_NUM_THREADS=1 $(BIN)/python bench/softtissue.py
	$(BIN)/python bench/symmetry.py
	$(BIN)/python bench/year.py
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest bench -q -o "pythonpath=bench" \
		--benchmark-columns=min,median,ops,rounds --benchmark-sort=min

coverage: $(RUN_STAMP) ## 1,000 films: do the intervals hold the truth? Half an hour
	$(BIN)/python bench/intervals.py --write docs

validate: $(RUN_STAMP) ## Synthetic sawbones, callus and lengths on films against truth; 15 minutes
	OPENBLAS_NUM_THREADS=1 $(BIN)/python bench/sawbone.py --seed 1001 --write docs
	$(BIN)/python bench/callus.py --write docs
	$(BIN)/python bench/lengths.py --write docs

docs: $(DOCS_STAMP) ## Build the documentation into docs/_build/html
	$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

gallery: $(DEV_STAMP) ## Draw the pictures of the documentation again
	$(BIN)/python docs/make_gallery.py
	$(BIN)/python docs/make_frames.py
	$(BIN)/python docs/make_rings.py
	$(BIN)/python docs/make_exercises.py
	$(BIN)/python docs/make_outcome.py
	$(BIN)/python docs/make_soft_tissue.py
	$(BIN)/python docs/make_rules.py
	$(BIN)/python docs/make_course.py

lock: $(VENV)/bin/python ## Lock the requirements again (names no host)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile --group build --universal --generate-hashes --no-header --quiet -o requirements-build.txt
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-header --quiet -o requirements.txt
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-header --quiet -c requirements.txt -o requirements-dev.txt
	$(BIN)/uv pip compile pyproject.toml --group dev --group docs --universal --generate-hashes --no-header --quiet -c requirements.txt -o requirements-docs.txt

clean: ## Remove everything that was made
	rm -rf $(VENV) demo build dist docs/_build .pytest_cache .mypy_cache .ruff_cache .hypothesis
