# Commands of people and CI. `make` without a target lists those with a `##` comment; the others are their parts.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

BIN := .venv/bin
PAGE := src/stillroom/page/index.html
PAGE_SOURCES := $(shell find ui/src ui/public ui/swagger ui/build) ui/index.html ui/vite.config.ts ui/package-lock.json
# Stamps: a recipe whose inputs did not change does not run again.
PACKAGES := .venv/packages.stamp
MODULES := ui/node_modules/modules.stamp
WEIGHTS := data/weights/fetched.stamp
BROWSER := browser
# Not part of `make test`; the files that take longest come first, so that no process is left alone with one at the end.
LONG_TESTS := tests/chaos tests/deploy tests/e2e tests/integration/imaging tests/fuzz
PIXEL_TESTS := tests/integration/imaging
# Only files with property tests, because collecting all others takes longer than most of these run.
PROPERTY_TESTS = $(shell grep -rlE --include='test_*.py' '^(from|import) hypothesis' tests/property tests/unit)

# Bytecode cache: without it, every process that tests start would compile its modules again.
unexport PYTHONDONTWRITEBYTECODE

export REDOCLY_TELEMETRY := off
export REDOCLY_SUPPRESS_UPDATE_NOTICE := true

.PHONY: help run dev setup page test test-all test-long check check-lint check-python check-page check-generated \
	check-locks test-python test-python-long test-chaos test-pixels test-properties test-page test-walk test-more test-browser audit chaos load bench eval \
	fuzz generate lock clean

help: ## List the targets that people use
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(PACKAGES) $(PAGE) $(WEIGHTS) ## Set up what is missing and serve the studio at http://127.0.0.1:8000
	@exec $(BIN)/stillroom serve

dev: setup ## Server and page, both reloading when a file changes, at http://127.0.0.1:5173
	@trap 'kill 0' EXIT; $(BIN)/stillroom serve --reload & (cd ui && npm run --silent dev) & wait -n

setup: $(PACKAGES) $(MODULES) ## Python and npm packages, each pinned by hash

page: $(PAGE) ## Build the page into the Python package

# Targets side by side, each with its output in one piece as soon as it ends.
BESIDE := $(MAKE) --jobs 2 --output-sync=target --no-print-directory

test: ## What a change must pass before review: ten minutes
	@# The page needs no Python packages, so that it is built and linted while they are installed.
	@$(BESIDE) $(PACKAGES) $(PAGE) check-lint $(WEIGHTS)
	@# The Python tests take longest; all others fit beside them, one after the other.
	@$(BESIDE) test-python $(filter-out check-lint,$(CHECKS)) test-page test-walk

test-all: test test-long ## Everything that must pass, with the long suites

test-long: setup $(PAGE) $(WEIGHTS) ## The long suites alone: what test-all adds to test
	@# Most suites wait for servers. Tests of pixels and properties run beside all of them with a low priority.
	@$(BESIDE) --jobs 3 AFTER=test-chaos test-chaos test-pixels test-properties test-python-long test-more

CHECKS := check-lint check-python check-page check-generated check-locks

check: setup $(PAGE) ## Lint, types, import contracts, generated files, licences
	@$(BESIDE) $(CHECKS)

check-python: $(PACKAGES)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

check-lint: $(MODULES)
	cd ui && npm run --silent lint

check-page: $(MODULES) $(PAGE)
	cd ui && npm run --silent format:check && npm run --silent size

check-generated: setup
	tools/generate.sh --check
	$(BIN)/openapi-spec-validator --schema 3.0 openapi.yaml
	cd ui && npx --no-install redocly lint --extends=spec ../openapi.yaml

check-locks: $(PACKAGES)
	@$(BIN)/python -m pip check || { echo 'requirements.lock lags behind pyproject.toml. Run: make lock' >&2; exit 1; }
	@! grep -nE 'https?://|--(extra-)?index-url|--find-links' requirements.lock deploy/*.lock || \
		{ echo 'A lock file names a package host. Run: make lock' >&2; exit 1; }
	@! grep -n '"resolved"' ui/package-lock.json || \
		{ echo 'ui/package-lock.json names a package host. Run npm inside ui/, where .npmrc forbids it' >&2; exit 1; }
	@$(BIN)/python tools/licences.py

audit: setup ## Ask the advisory services for known holes in the locked packages; needs a network
	@tools/audit.sh

# Suite that these two wait for, if any.
AFTER :=
test-python-long test-more: | $(AFTER)

# Each process has servers of its own, and a file's tests stay together. Files come in the order in which they are named
# here or in their folder.
# glibc keeps freed memory: clearing the pages of large arrays again and again took a fourteenth of the time.
PYTEST := env MALLOC_MMAP_THRESHOLD_=33554432 MALLOC_TRIM_THRESHOLD_=1073741824 $(BIN)/python -m pytest --dist loadfile --no-loadscope-reorder

test-python: setup $(PAGE) $(WEIGHTS)
	@# They wait for servers for a quarter of the time, so three share two cores well.
	$(PYTEST) --numprocesses 3 $(LONG_TESTS:%=--ignore=%)

test-python-long: setup $(PAGE) $(WEIGHTS)
	@# They wait for servers, leases and vendors as much as they work, so four share two cores well.
	$(PYTEST) --numprocesses 4 $(filter-out tests/chaos $(PIXEL_TESTS),$(LONG_TESTS))

# Low priority, though not the lowest, which would stand still while the browser tests keep both cores busy.
LOW := nice -n 10

test-pixels: setup $(WEIGHTS)
	$(LOW) $(PYTEST) --numprocesses 2 $(PIXEL_TESTS)

test-chaos: setup
	@# Outages and kills are timed, so nothing of the same priority runs beside them. They mostly wait, so two run at once.
	$(BIN)/python -m pytest --numprocesses 2 tests/chaos

test-properties: setup
	$(LOW) $(PYTEST) --numprocesses 2 --hypothesis-profile long -m hypothesis $(PROPERTY_TESTS)

test-page: $(MODULES)
	cd ui && npm run --silent test

test-walk: BROWSER := browser:walk
test-more: BROWSER := browser:more
test-walk test-more test-browser: setup $(PAGE) $(WEIGHTS)
	@# Failures are printed last, so that the end of a log shows them.
	cd ui && npm run --silent $(BROWSER) | tee test-browser.log || { \
		echo 'Warnings and errors of the server (whole log in ui/test-server-*.log):'; \
		grep -hE '"level":"(warning|error|critical)"' test-server-*.log | tail -n 10 | cut -c -300 || true; \
		echo 'What failed:'; tail -n 40 test-browser.log; exit 1; }

chaos: $(PACKAGES) ## Kill servers and workers 200 times under load, and let database, store and disk fail
	CHAOS_KILLS=200 $(BIN)/python -m pytest -s tests/chaos --ignore tests/chaos/test_batch_kills.py
	BATCH_ITEMS=200 CHAOS_KILLS=20 $(BIN)/python -m pytest -s tests/chaos/test_batch_kills.py

load: $(PACKAGES) $(WEIGHTS) ## Half an hour of mixed load on PostgreSQL, S3 and Valkey: 2 servers, 3 workers
	$(BIN)/python -m tests.load $(LOAD)

bench: $(PACKAGES) $(WEIGHTS) ## Measure: every module of tests/bench, one after the other
	@for file in tests/bench/*.py; do \
		[[ $$file == */__init__.py ]] || $(BIN)/python -m "$$(tr / . <<<"$${file%.py}")"; \
	done

eval: $(PACKAGES) $(WEIGHTS) ## Run the golden set through the complete system, and the release gate
	@$(BIN)/stillroom eval golden $(EVAL)

fuzz: $(PACKAGES) ## Damage pictures and send them through the intake, for ten minutes
	$(BIN)/python -m tests.fuzz.intake 600

generate: setup ## Rebuild openapi.yaml, the page's API types, docs/reference.md and the catalogue's schemas
	tools/generate.sh

lock: $(PACKAGES) ## Pin Python packages anew after pyproject.toml changed
	$(BIN)/uv pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.11 \
		--generate-hashes --custom-compile-command 'make lock' --quiet --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra fast --extra c2pa --universal --python-version 3.13 \
		--constraint requirements.lock --generate-hashes --custom-compile-command 'make lock' --quiet \
		--output-file deploy/requirements.lock
	$(BIN)/uv pip compile --group build --universal --python-version 3.13 --constraint requirements.lock \
		--generate-hashes --custom-compile-command 'make lock' --quiet --output-file deploy/build.lock

clean: ## Remove everything that was built or installed here, but no data
	rm -rf .venv ui/node_modules src/stillroom/page ui/test-results .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(PACKAGES): requirements.lock pyproject.toml
	@python=$$(tools/prerequisites.sh python) && \
		{ $(BIN)/python -m pip --version >/dev/null 2>&1 || "$$python" -m venv --clear .venv; }
	@echo 'Python packages: the first time this takes about half a minute'
	@$(BIN)/python tools/packages.py
	@touch $@

$(MODULES): ui/package-lock.json ui/package.json ui/.npmrc
	@tools/prerequisites.sh node
	@echo 'npm packages: the first time this takes about half a minute'
	@cd ui && npm ci --loglevel=error
	@touch $@

$(PAGE): $(MODULES) $(PAGE_SOURCES)
	@echo 'Building the page'
	@cd ui && npm run --silent build -- --logLevel warn
	@touch $@

# Weights live in the data folder; without a network the studio starts all the same and says what it lacks.
$(WEIGHTS): $(PACKAGES) $(wildcard src/stillroom/catalog/networks/*.json)
	@$(BIN)/stillroom models fetch && mkdir -p $(@D) && touch $@ || echo 'Going on without all weights; make run will try again'
