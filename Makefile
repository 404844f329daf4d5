# make run      the page, with the sample budget indexed (first time: installs, about 2 minutes)
# make test     every test            make lint    style and types
# make eval     the short exam        make exam    all of it        make bench   timings
# make clean    removes what make installed; the index in .budget-index/ stays
#
# PYTHON=python3.12  another interpreter (3.11 or later)     PORT=8000  another port
# JOBS=4             tests at once                           ARGS=...   more words for pytest
# BUDGET_EMBEDDING=/folder  another embedding model          BUDGET_INDEX=/folder  another index

PYTHON ?= python3.11
PORT ?=
JOBS ?= 2
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
TORCH := $(shell grep '^torch==' requirements.lock)

# Named after what the files say, not after their dates: a checkout changes dates alone.
RUN_READY := $(VENV)/.ready-run-$(shell cat requirements.lock pyproject.toml | cksum | tr ' ' -)
TEST_READY := $(VENV)/.ready-test-$(shell cat requirements*.lock pyproject.toml | cksum | tr ' ' -)

# A model that the person names is hers; ours is built when its folder is missing.
MODEL_READY := $(if $(BUDGET_EMBEDDING),,models/multilingual-e5-small/modules.json)

# The same as in index/offline.py, for whatever is started here.
export HF_HUB_OFFLINE ?= 1
export TRANSFORMERS_OFFLINE ?= 1
export GRADIO_ANALYTICS_ENABLED ?= False
export ANONYMIZED_TELEMETRY ?= False
export LANGSMITH_TRACING ?= false
export TOKENIZERS_PARALLELISM ?= false

.PHONY: help run test lint eval exam bench setup clean lock
.DELETE_ON_ERROR:

help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' Makefile

run: $(RUN_READY) $(MODEL_READY)
	$(BIN)/python -m index add eval/budgets/sichuan-bigdata-2023.txt
	$(BIN)/python app.py $(if $(PORT),--port $(PORT))

test: setup
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile $(ARGS)

lint: $(TEST_READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

eval: $(RUN_READY) $(MODEL_READY)
	$(BIN)/python -m eval --quick

exam: $(RUN_READY) $(MODEL_READY)
	$(BIN)/python -m eval
	$(BIN)/python -m eval exam

bench: $(RUN_READY) $(MODEL_READY)
	$(BIN)/python -m eval bench

setup: $(TEST_READY) $(MODEL_READY)

# torch goes first and alone, by plain pip: resolved together with the others, pip may fetch
# several builds of it, each of some hundred megabytes, before it settles.
$(RUN_READY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Needs Python 3.11 or later: make PYTHON=/path/to/python"; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@echo "Installing $(TORCH) ..."
	@$(PIP) install '$(TORCH)'
	@echo "Installing the other packages of requirements.lock ..."
	@$(PIP) install -r requirements.lock
	@$(PIP) install --no-deps --editable .
	@rm -f $(VENV)/.ready-run-*
	@touch $@

$(TEST_READY): $(RUN_READY)
	@echo "Installing what the tests need ..."
	@$(PIP) install -r requirements-dev.lock
	@rm -f $(VENV)/.ready-test-*
	@touch $@

models/multilingual-e5-small/modules.json: | $(RUN_READY)
	$(BIN)/python -m index.embedding_model

clean:
	rm -rf $(VENV) models *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find assistant index eval tests -name __pycache__ -prune -exec rm -rf {} +

# Renews the lock files from pyproject.toml. Left out: the parts of torch that a build for graphics
# cards brings along, and where a build came from (+cpu).
FREEZE = .lock/bin/python -m pip freeze --exclude-editable | \
  grep -Ev '^(nvidia|cuda|triton)' | sed -e 's/+cpu$$//' -e '/^uvloop==/s/$$/; sys_platform != "win32"/' | LC_ALL=C sort -f

lock:
	$(PYTHON) -m venv --clear .lock
	.lock/bin/python -m pip install --quiet '$(TORCH)'
	.lock/bin/python -m pip install --quiet --editable .
	{ sed '/^#/!q' requirements.lock | grep '^#'; $(FREEZE); } > .lock/run
	.lock/bin/python -m pip install --quiet --editable '.[dev]'
	{ sed '/^#/!q' requirements-dev.lock | grep '^#'; $(FREEZE) | grep -vxFf .lock/run; } > .lock/dev
	mv .lock/run requirements.lock
	mv .lock/dev requirements-dev.lock
	rm -rf .lock
