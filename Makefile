# Every command starts from an empty checkout and does what is missing first; what is done leaves a
# stamp, so the next run starts in seconds. Needs make, Python ≥ 3.11 and nothing else: Node comes
# from the machine or from PyPI, Chromium and fonts from apt where we may.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory --no-builtin-rules

VENV := .venv
STAMPS := $(VENV)/stamps
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PIP := $(VENV)/bin/python -m pip --quiet --quiet --disable-pip-version-check --no-input
PO_FILES := $(wildcard portal/translations/*/LC_MESSAGES/*.po)
MO_FILES := $(PO_FILES:.po=.mo)
# Folders are listed too: a removed file changes only its folder's date.
ASSETS := $(shell find static/js static/css static/img 2>/dev/null)

export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
# A Node from PyPI brings its own list of authorities; the machine's may hold a proxy's as well.
export NODE_USE_SYSTEM_CA := 1
# A virtual environment or Python path of the caller's must not leak into ours.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV

# Tests that make test has not run on PostgreSQL; journeys look into SQLite's file.
SECOND := not drill and not journey and not engine and not sqlite

say = @printf '· %s\n'

.PHONY: help run test check drill bench build lock setup clean

help: ## list these commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1\t/' \
		| { [ -d tests/drill ] && cat || grep -v '^make drill'; } | expand -t 14

run: setup ## set up, then serve the portal with a demo city on http://127.0.0.1:8000 (PORT, HOST, DEMO=0)
	@DEMO=$${DEMO-1} exec $(VENV)/bin/python -m portal.cli.serve

test: setup $(STAMPS)/dev ## set up, then run every test, also in Chromium and on PostgreSQL
	@tools/setup-tests.sh
	@$(VENV)/bin/python -m pytest $(ARGS)

check: setup $(STAMPS)/dev ## format, lint, types, imports, templates, translations, spelling, known holes
	@tools/check.sh

drill: setup $(STAMPS)/dev ## kill the portal, then every test on PostgreSQL, ≤ 45 minutes (QUICK=1: kills, ≤ 2 minutes)
	@tools/setup-tests.sh
	@QUICK=$${QUICK-} $(VENV)/bin/python -m pytest tests/drill -m drill -n 0 -p no:randomly $(ARGS)
	@[ -n "$${QUICK-}" ] || { printf '· %s\n' 'everything again on PostgreSQL'; \
		TEST_ENGINE=postgresql $(VENV)/bin/python -m pytest -m '$(SECOND)' $(ARGS); }

bench: setup $(STAMPS)/dev ## measure speed and size beside baselines, ≤ 5 minutes (BENCH_REPORTS=300; more takes longer)
	@tools/setup-tests.sh
	@$(VENV)/bin/python -m tests.bench

build: static/dist/manifest.json $(MO_FILES) ## bundle scripts and styles, compile translations

lock: $(STAMPS)/venv ## pin what requirements*.in and package.json ask for, with hashes
	@$(PIP) install uv==0.13.9
	$(say) 'requirements.txt'
	@$(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --custom-compile-command 'make lock' requirements.in -o requirements.txt
	$(say) 'requirements-dev.txt'
	@$(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --custom-compile-command 'make lock' requirements-dev.in -o requirements-dev.txt
	$(say) 'package-lock.json'
	@npm install --package-lock-only --ignore-scripts --loglevel=error

clean: ## remove what make made, but never instance/
	@rm -rf $(VENV) node_modules static/dist $(MO_FILES)

setup: $(STAMPS)/run build
	@:

$(STAMPS)/venv:
	@[ -n "$(PYTHON)" ] || { echo 'Python 3.11 or newer is needed.' >&2; exit 1; }
	$(say) 'Python environment in $(VENV) ($(shell $(PYTHON) --version 2>&1))'
	@PYTHON=$(PYTHON) tools/setup-venv.sh $(VENV)
	@mkdir -p $(@D) && touch $@

$(STAMPS)/run: requirements.txt $(STAMPS)/venv
	$(say) 'Python libraries'
	@$(PIP) install --require-hashes -r requirements.txt
	@touch $@

$(STAMPS)/dev: requirements-dev.txt $(STAMPS)/run
	$(say) 'tools for tests and checks'
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

$(STAMPS)/node: tools/setup-node.sh $(STAMPS)/venv
	@tools/setup-node.sh
	@touch $@

node_modules/.stamp: package.json package-lock.json .npmrc $(STAMPS)/node
	$(say) 'front-end libraries'
	@npm ci --ignore-scripts --loglevel=error --no-progress >/dev/null
	@touch $@

static/dist/manifest.json: tools/build-assets.mjs node_modules/.stamp $(ASSETS)
	$(say) 'scripts and styles'
	@node tools/build-assets.mjs

%.mo: %.po $(STAMPS)/run
	$(say) 'translations: $(notdir $(patsubst %/LC_MESSAGES/,%,$(dir $<)))'
	@$(VENV)/bin/pybabel --quiet compile --input-file=$< --output-file=$@ --locale=$(notdir $(patsubst %/LC_MESSAGES/,%,$(dir $<)))
