# `make demo` runs Qingqu with its demonstration district; `make test` runs everything a contributor must have green.
# Both need python3 (3.11 or newer), node (20 or newer) with npm, and make; neither needs root.

PYTHON ?= python3
NODE_NEEDED := 20
BIN := .venv/bin
UV := .venv/tools/bin/uv
BUILT := src/qingqu/site/static/build/manifest.json
WORKERS ?= 2

export PYTHONPATH := src
export DJANGO_SETTINGS_MODULE := qingqu.site.settings
# Another project's virtual environment must not be mistaken for ours.
unexport VIRTUAL_ENV

.DEFAULT_GOAL := help
.PHONY: help demo test setup setup-runtime frontend tools-present messages lock reference \
	check lint types street templates security catalogues migrations unit browser postgres bench

help:
	@echo "make demo   run Qingqu with the demonstration district at http://127.0.0.1:8000"
	@echo "make test   lint, types, contracts, unit, browser and PostgreSQL tests"
	@echo "make check  the part of make test that runs no test (a minute)"
	@echo "make bench  what lists, imports, audit runs and migrations cost on this machine"
	@echo "make lock   renew the hashed requirements and the npm lock"

demo: tools-present
	@$(MAKE) --no-print-directory -j2 setup-runtime frontend
	@$(BIN)/python -m qingqu.site.messages compile
	@exec $(BIN)/qingqu demo

test: check
	@$(MAKE) --no-print-directory unit
	@$(MAKE) --no-print-directory browser
	@$(MAKE) --no-print-directory postgres
	@echo "make test: all green"

# ---- set-up -------------------------------------------------------------------------------------

tools-present:
	@command -v $(PYTHON) >/dev/null || { echo "Qingqu needs python3 (3.11 or newer): install it, or name yours: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Qingqu needs Python 3.11 or newer; $$($(PYTHON) --version) is too old. Name a newer one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "This Python cannot make virtual environments: install the package python3-venv" >&2; exit 1; }
	@command -v npm >/dev/null || { echo "Qingqu needs node ($(NODE_NEEDED) or newer) with npm: install the packages nodejs and npm" >&2; exit 1; }
	@node -e 'process.exit(Number(process.versions.node.split(".")[0]) < $(NODE_NEEDED) ? 1 : 0)' || { echo "Qingqu needs node $(NODE_NEEDED) or newer; $$(node --version) is too old" >&2; exit 1; }

$(UV): requirements/tools.txt
	@echo "setting up .venv"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@rm -rf .venv/tools
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --target .venv/tools -r requirements/tools.txt
	@touch $@

# The demonstration installs nothing that only contributors need; after `make test` it keeps what is there.
.venv/.runtime: $(UV) requirements/runtime.txt pyproject.toml
	@echo "installing what Qingqu runs on"
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/runtime.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

.venv/.dev: $(UV) requirements/dev.txt pyproject.toml
	@echo "installing what Qingqu runs on and is tested with"
	@$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements/dev.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch .venv/.runtime $@

setup-runtime: .venv/.runtime
setup: tools-present
	@$(MAKE) --no-print-directory -j2 .venv/.dev frontend
	@$(MAKE) --no-print-directory messages

node_modules/.installed: package-lock.json package.json .npmrc
	@echo "installing the front end"
	@npm ci --silent
	@touch $@

$(BUILT): node_modules/.installed vite.config.ts vite.verifier.ts tsconfig.json $(wildcard frontend/*) $(wildcard frontend/*/*)
	@echo "building the front end"
	@npm run --silent build

frontend: $(BUILT)

messages:
	@$(BIN)/python -m qingqu.site.messages compile

# ---- what must be green --------------------------------------------------------------------------

check: setup lint types street templates security catalogues migrations

lint:
	@echo "== ruff"
	@$(BIN)/ruff check --quiet src tests tools
	@$(BIN)/ruff format --quiet --check src tests tools || { echo "format: run $(BIN)/ruff format src tests tools" >&2; exit 1; }

types:
	@echo "== mypy, tsc"
	@$(BIN)/mypy --no-error-summary
	@npm run --silent types

street:
	@echo "== import contracts"
	@$(BIN)/lint-imports --no-logo

templates:
	@echo "== djlint"
	@$(BIN)/djlint src --lint --quiet

security:
	@echo "== bandit"
	@$(BIN)/bandit --quiet --recursive src --configfile pyproject.toml

catalogues:
	@echo "== translations"
	@$(BIN)/python -m qingqu.site.messages check

# Tests write to a folder of their own, never to the installation's.
TEST_HOME = $(CURDIR)/var/test
PYTEST = QINGQU_HOME=$(TEST_HOME) $(BIN)/pytest -q

migrations:
	@echo "== migrations"
	@QINGQU_HOME=$(TEST_HOME) $(BIN)/python -m django makemigrations --check --dry-run

unit:
	@echo "== unit and property tests, SQLite"
	@$(PYTEST) -n $(WORKERS) --dist worksteal --ignore tests/journeys

browser:
	@echo "== journeys in a browser, SQLite"
	@QINGQU_CHROMIUM="$$(tools/chromium)" && export QINGQU_CHROMIUM && $(PYTEST) -n $(WORKERS) --dist loadfile tests/journeys

# What knows no database, or asks the same of both, would show nothing twice: engines, files, command line, page by page.
ONCE = tests/engines tests/house tests/frontend tests/kernel/files tests/site/demo tests/site/commands/test_draw.py \
	tests/site/commands/test_command_line.py tests/site/commands/test_archive.py tests/site/test_objects.py tests/site/test_forms.py \
	tests/site/test_silence.py tests/site/test_writes.py tests/journeys/test_every_page_is_accessible.py \
	tests/journeys/test_anyone_reads_the_first_page.py tests/journeys/test_staff_sign_in_with_a_passkey.py \
	tests/journeys/test_a_citizen_verifies_a_notice.py

postgres:
	@echo "== PostgreSQL"
	@QINGQU_CHROMIUM="$$(tools/chromium)" && export QINGQU_CHROMIUM && \
		QINGQU_HOME=$(TEST_HOME) $(BIN)/python -m tools.postgres $(BIN)/pytest -q -n $(WORKERS) --dist worksteal \
		$(addprefix --ignore=,$(ONCE))

# ---- what it costs -------------------------------------------------------------------------------

# Each prints the machine, its figures and their ratios; none fails for being slow.
BENCHES = migrate imports audit lists draw

bench: setup
	@for name in $(BENCHES); do $(BIN)/python bench/$$name.py && echo || exit 1; done
	@$(BIN)/python bench/tlog.py --without-peer

# ---- upkeep --------------------------------------------------------------------------------------

COMPILE = $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links --exclude-newer "7 days"

# Nothing younger than a week, every file by hash, no address of any registry.
lock: $(UV)
	$(COMPILE) pyproject.toml -o requirements/runtime.txt
	$(COMPILE) pyproject.toml --extra dev -o requirements/dev.txt
	echo uv | $(COMPILE) - -o requirements/tools.txt
	npm install --package-lock-only
	node tools/bare_lock.mjs

reference:
	@$(BIN)/python -m qingqu.site.reference write
