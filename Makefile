# What each target does is told by `make help`.
.DEFAULT_GOAL := help
python := .venv/bin/python
ROLE ?= curator
SIZES ?= 1000 10000
SECONDS ?= 5

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile

run: ## install, migrate, load, index and serve, on http://127.0.0.1:$PORT/ (8000)
	@.ci/install requirements.lock
	@exec $(python) manage.py serve

test: ## all tests, on SQLite and on PostgreSQL
	@.ci/test

curator: ## a login for /admin/: NAME=ada ROLE=curator (or reviewer, administrator)
	@.ci/install requirements.lock
	@$(python) manage.py migrate --verbosity 0
	@$(python) manage.py curator "$(or $(NAME),$(ROLE))" --role "$(ROLE)"

relevance: ## how well search answers graded queries; writes docs/relevance.md; BESIDE=1 asks OpenSearch the same
	@.ci/install requirements$(if $(BESIDE),-test).lock
	@$(python) manage.py migrate --verbosity 0
	@$(python) manage.py load_knowledge
	@$(if $(BESIDE),$(python) -m tests.cluster.opensearch sh -c '$(python) manage.py relevance --write --beside \
		"$$TEST_SEARCH_URL"',$(python) manage.py relevance --write)

hostile: ## ten thousand hostile queries to the site of DATA_DIR: minutes; NUMBER=10000 SEED=1
	@.ci/install requirements.lock
	@$(python) -m tests.search.hostile $(or $(NUMBER),10000) $(or $(SEED),1)

bench: ## beside other engines and Datasette; writes docs/benchmarks.md; SIZES="1000 10000" SECONDS=5
	@.ci/bench --sizes $(SIZES) --seconds $(SECONDS)

screenshots: ## pictures of every kind of page, for docs/img/pages
	@.ci/install requirements-test.lock
	@$(python) -m tests.screenshots

drill: ## crashes, damage, crowds and load in full: hours; KILLS=300 CROWD=60 BURST=60 LOAD=1800 DAMAGES=60 AWAY=60
	@.ci/drill

cluster: ## three search nodes, a database with a replica, Redis, three web nodes, nginx: on PORT (8080); DRILL=1 kills them
	@.ci/cluster

audit: ## the software bill of materials, docs/sbom.json, and what the lock says held against what is installed
	@.ci/install requirements.lock
	@$(python) .ci/sbom

lint: ## ruff and mypy
	@.ci/install requirements-test.lock
	$(python) -m ruff check .
	$(python) -m ruff format --check .
	$(python) -m mypy

format: ## let ruff correct what it can
	@.ci/install requirements-test.lock
	$(python) -m ruff check --fix .
	$(python) -m ruff format .

lock: ## pin the dependencies anew, with hashes and without addresses
	@.ci/install requirements-test.lock
	@.ci/lock

clean: ## remove .venv and the caches; the data in DATA_DIR stays
	rm -rf .venv .venv-bench .pytest_cache .ruff_cache .mypy_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help run test curator relevance hostile bench screenshots drill cluster audit lint format lock clean
