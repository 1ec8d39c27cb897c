# The commands of this project. Plain ones behind them: README.md.
PORT ?= 8501
HOST ?= 127.0.0.1
ARGS ?=

python := .venv/bin/python
run_locks := requirements.lock
test_locks := requirements.lock requirements-dev.lock
bench_locks := requirements.lock requirements-dev.lock requirements-peers.lock
# Tests and benchmarks make their own databases, whatever the shell points at.
own_databases := env -u DATABASE_URL
benchmarks = $(notdir $(basename $(shell grep -l __main__ benchmarks/*.py)))
database := var/fieldvisit.sqlite

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup run test soak lint format bench demo migrate backup lock lock-check clean

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

setup: ## make .venv and install what the product needs to run
	@sh tools/setup.sh $(run_locks)

# With a database of its own the company decides when to migrate and what to load.
run: setup $(if $(DATABASE_URL),,$(database)) ## open the app at HOST:PORT (127.0.0.1:8501), with a demo company when there is no database yet
	@FIELDVISIT_HOST=$(HOST) exec $(python) -m streamlit run app.py --server.port $(PORT) --server.address $(HOST)

# Made aside and moved into place when whole: an interrupted first start leaves nothing half done.
$(database): | setup
	@mkdir -p $(@D) && rm -f $@.new
	@DATABASE_URL=sqlite:///$@.new $(python) -m data.operator demo --yes
	@mv $@.new $@

test: ## run the whole suite, a real PostgreSQL and a real browser included; ARGS="tests/core -k price" for a part
	@sh tools/setup.sh $(test_locks)
	@$(python) -m tests.browser.chromium
	@$(own_databases) $(python) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m "not soak" $(ARGS)

soak: ## run the long outages and loads
	@sh tools/setup.sh $(test_locks)
	@$(python) -m tests.browser.chromium
	@$(own_databases) $(python) -m pytest -q -m soak --timeout 3600 $(ARGS)

lint: ## check style, types and the direction of imports
	@sh tools/setup.sh $(test_locks)
	@$(python) -m ruff check .
	@$(python) -m ruff format --check .
	@$(python) -m mypy
	@.venv/bin/lint-imports

format: ## lay the code out as `make lint` wants it
	@sh tools/setup.sh $(test_locks)
	@$(python) -m ruff format .
	@$(python) -m ruff check --fix .

bench: ## measure against the peers, as ratios; ARGS="demand_forecast" for one
	@sh tools/setup.sh $(bench_locks)
	@set -e; for name in $(or $(ARGS),$(benchmarks)); do $(own_databases) $(python) -m benchmarks.$$name; done

demo: setup ## remake the demo company, after asking
	@$(python) -m data.operator demo

migrate: setup ## bring the database to this version, after a verified backup
	@$(python) -m data.operator migrate

backup: setup ## write and verify a backup of the running database
	@$(python) -m data.operator backup $(ARGS)

lock: ## write the lock files anew from pyproject.toml
	@sh tools/setup.sh $(test_locks)
	@sh tools/lock.sh

lock-check: ## prove that the locks install from wheels alone on Python 3.12, 3.13 and 3.14
	@sh tools/setup.sh $(test_locks)
	@sh tools/lock.sh check

clean: ## remove .venv and the caches; databases stay
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache screenshots
