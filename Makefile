# make demo   the main job twice: an honest fine-tune, and the same with a corpus that is 99.99 % <unk>
# make test   the test suite
# make check  formatter, linter, types, import rule
# make evidence  makes every CPU-level bundle again
# make story  the story's faults, what caught each, and when
# make power  runs what the kill matrix lacks, and shows it
PYTHON ?= $(shell for p in python3.11 python3.12 python3 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo test check evidence power story clean

help:
	@sed -n 's/^# make/make/p' Makefile

setup: $(VENV)/.ready

setup-dev: $(VENV)/.ready-dev

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "make: no Python of at least 3.11 on PATH; install it, or say make PYTHON=/path/to/python" >&2; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "make: $(PYTHON) has no venv module; install it (Debian: apt-get install python3-venv)" >&2; exit 2; }
	@command -v git >/dev/null || echo "make: git is missing; bundles will not name a commit" >&2
	$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "setting up $(VENV) (about a minute, 900 MB)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@$(BIN)/python -m compileall -q pv falsifiers aprtrain
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: setup
	@$(BIN)/python -m pv demo

test: setup
	@$(BIN)/python -m pytest --numprocesses=auto --maxprocesses=4 --dist=worksteal

check: setup-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

evidence: setup
	@$(BIN)/python tools/make_evidence.py

power: setup
	@$(BIN)/python -m pv power --jobs $$($(BIN)/python -c 'import os; print(len(os.sched_getaffinity(0)))')

story: setup
	@$(BIN)/python tools/story.py

clean:
	rm -rf .pv $(VENV) build *.egg-info
