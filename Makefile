# `make run` and `make test` work from a fresh clone; make.cmd has the same two for Windows.
#
#   make run  ARGS="--out results"    options of `allocator run`
#   make test ARGS="-k rounding"      options of pytest
#   make fuzz EXAMPLES=10000          examples of each property test (1000: about half an hour)
#   make run  PYTHON=python3.12       the Python that .venv is made with (3.11 or newer)

PYTHON ?= python3
ARGS ?=
EXAMPLES ?= 1000

VENV := .venv
BIN := $(VENV)/bin
UV := uv==0.13.9

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

.NOTPARALLEL:
.PHONY: help run test coverage lint docs pictures bench fuzz lock clean

help:
	@echo 'make run     compute the newest plan into out/     (ARGS: options of allocator run)'
	@echo 'make test    run the tests                         (ARGS: options of pytest)'
	@echo 'make coverage  every branch of the engine and the plans is tested (ARGS: options of pytest)'
	@echo 'make lint    style and types'
	@echo 'make docs    rebuild the generated documentation'
	@echo 'make pictures  draw those of the documentation      (ARGS: their names; needs LibreOffice, Chromium)'
	@echo 'make bench   measure the speed                     (ARGS: options of pytest)'
	@echo 'make fuzz    property tests with many examples     (EXAMPLES: how many; ARGS: options of pytest)'
	@echo 'make lock    write the lock files anew             (ARGS=--upgrade: newest versions)'
	@echo 'make clean   remove .venv and caches (out/ stays)'

run: $(VENV)/run.stamp
	$(BIN)/allocator run $(ARGS)

# In the order of the folders: files of few tests that take long would else come last, on one core.
test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -q -n auto --dist loadfile --no-loadscope-reorder --ignore=tests/benchmarks $(ARGS)

# The two rooms where amounts are made, each by its own tests (pyproject.toml: [tool.coverage]).
coverage: $(VENV)/dev.stamp
	$(BIN)/python -m coverage run -m pytest -q tests/engine tests/plans $(ARGS)
	$(BIN)/python -m coverage report

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(VENV)/dev.stamp
	$(BIN)/python docs/build.py $(ARGS)
	$(BIN)/python docs/notebook.py $(ARGS)

pictures: $(VENV)/dev.stamp
	$(BIN)/python docs/pictures.py $(ARGS)

bench: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -q tests/benchmarks $(ARGS)

fuzz: $(VENV)/dev.stamp
	HYPOTHESIS_PROFILE=fuzz FUZZ_EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest -q -n auto --dist worksteal --ignore=tests/benchmarks -m fuzz --timeout=7200 $(ARGS)

# The environment. A stamp is newer than what it was installed from, or the install runs again; both sets
# share one .venv, as the versions in requirements.lock are among those in requirements-dev.lock.
# (--no-compile: byte code is made where a module is first imported; most never are.)

define install
	@echo 'Installing $(1) into $(VENV) ...' >&2
	@$(BIN)/python -m pip install --quiet --no-compile --require-hashes -r $(1)
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@
endef

$(VENV)/run.stamp: $(BIN)/python requirements.lock pyproject.toml
	$(call install,requirements.lock)

$(VENV)/dev.stamp: $(BIN)/python requirements-dev.lock pyproject.toml
	$(call install,requirements-dev.lock)

# A copied or moved checkout has an environment that goes on running the old folder: it is made anew.
ifneq ($(shell cat $(VENV)/made_in 2>/dev/null),$(CURDIR))
.PHONY: $(BIN)/python
endif

$(BIN)/python:
	@command -v $(firstword $(PYTHON)) >/dev/null 2>&1 || { \
	  echo 'allocator needs Python 3.11 or newer, and there is no `$(PYTHON)` here. Install one, or name it: make run PYTHON=python3.12' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo 'allocator needs Python 3.11 or newer; `$(PYTHON)` is' "$$($(PYTHON) -V 2>&1)." 'Name a newer one: make run PYTHON=python3.12' >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) || { \
	  rm -rf $(VENV); echo 'No virtual environment could be made (on Debian and Ubuntu: apt install python3-venv).' >&2; exit 1; }
	@pwd -P > $(VENV)/made_in

# Exact versions and hashes, for every platform and every Python from 3.11 on. The second file is bound to
# the first, so that both hold the same versions.
COMPILE = "$$tmp/bin/uv" --quiet --no-config pip compile pyproject.toml --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate $(ARGS)

lock:
	@set -e; tmp=$$(mktemp -d); trap 'rm -rf "$$tmp"' EXIT; \
	$(PYTHON) -m venv "$$tmp"; \
	"$$tmp/bin/python" -m pip install --quiet '$(UV)'; \
	$(COMPILE) --group dev -o requirements-dev.lock; \
	$(COMPILE) --group build -c requirements-dev.lock -o requirements.lock

clean:
	rm -rf $(VENV) build dist .benchmarks .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
