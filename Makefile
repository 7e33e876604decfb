# Everything a newcomer runs. `make help` lists it.
export PORT ?= 8501
export HOST ?= 127.0.0.1
export SAMPLE ?= 1
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LAYERS_VENV := var/layers-venv
SUPPLY_VENV := var/supply-venv

.DEFAULT_GOAL := help
.PHONY: help setup run test test-on torture fuzz failover bench lint lock messages layers layers-check licences sbom vulnerabilities

help: ## list the targets
	@grep -hE '^[a-z-]+:.*?## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(VENV)/installed ## install what the portal needs, then create or upgrade the database
	$(BIN)/python -m stations setup

run: setup ## serve the portal on http://127.0.0.1:8501 (PORT=…; SAMPLE=0: without sample records; PROVINCE=360000: Jiangxi)
	$(BIN)/python -m portal

test: $(VENV)/installed-tests ## run every test, on SQLite, PostgreSQL and a real browser
	$(BIN)/python -m tests.tools.provide_browser
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

test-on: $(VENV)/installed-tests ## run every test as if it were another day (DAY=2028-02-29; needs Debian's datefudge)
	@test -n "$(DAY)" || { echo "say which day: make test-on DAY=2028-02-29"; exit 2; }
	@command -v datefudge >/dev/null || { echo "install datefudge first: apt-get install datefudge"; exit 2; }
	$(BIN)/python -m tests.tools.provide_browser
# Not faketime: its 0.9.10 breaks Python's sleeps and waits.
	datefudge '$(DAY) 10:00:00' $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

torture: $(VENV)/installed-tests ## kill, stop, fill, lock and damage servers and databases while eight clients file (SEED=…)
	$(BIN)/python -m tests.torture $(if $(SEED),--seed $(SEED))

fuzz: $(VENV)/installed-fuzz ## thousands of bad inputs into every reader, list, route, page and command (SEED=…)
	$(BIN)/python -m tests.fuzz $(if $(SEED),--seed $(SEED))

failover: $(VENV)/installed-tests ## kill databases and servers while eight firms file (root, Debian's patroni, etcd, haproxy, nginx; ROUNDS=3)
	$(BIN)/python -m tests.failover --rounds $(or $(ROUNDS),3)

bench: $(VENV)/installed-bench ## measure the country's size beside named peers: tests/benchmarks/bench.json, docs/performance.md
	-$(BIN)/python -m tests.benchmarks.registry
	-$(BIN)/python -m tests.benchmarks.requests
	-$(BIN)/python -m tests.benchmarks.pages
	-$(BIN)/python -m tests.benchmarks.siting
	-$(BIN)/python -m tests.benchmarks.station_import
	-$(BIN)/python -m tests.benchmarks.features
	-$(BIN)/python -m tests.benchmarks.starting
	-$(BIN)/python -m tests.benchmarks.visitors
	-$(BIN)/python -m tests.benchmarks.filing
	$(BIN)/python -m tests.tools.performance_table

lint: $(VENV)/installed-tests ## check style, imports, annotations, docstrings and types
	$(BIN)/ruff check geo stations portal deploy tests
	$(BIN)/mypy

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

lock: $(VENV)/installed-tests ## write the requirements.txt files from the requirements.in beside each
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) tests/requirements.in -o tests/requirements.txt
	$(LOCK) tests/benchmarks/requirements.in -o tests/benchmarks/requirements.txt
	$(LOCK) tests/fuzz/requirements.in -o tests/fuzz/requirements.txt
	$(LOCK) geo/provinces/requirements.in -o geo/provinces/requirements.txt
	$(LOCK) tests/supply_chain/requirements.in -o tests/supply_chain/requirements.txt

licences: $(VENV)/installed-tests $(SUPPLY_VENV)/installed ## write docs/licences.md: what is installed, and under which licence
	$(BIN)/python -m tests.supply_chain.licences $(SUPPLY_VENV)/bin/pip-licenses

sbom: $(SUPPLY_VENV)/installed ## write var/sbom.json: every package of the lock, in the format of CycloneDX
	$(SUPPLY_VENV)/bin/cyclonedx-py requirements requirements.txt --output-reproducible --of JSON -o var/sbom.json

vulnerabilities: $(VENV)/installed-tests $(SUPPLY_VENV)/installed ## ask whether a package of the lock has a known vulnerability
	$(BIN)/python -m tests.supply_chain.vulnerabilities $(SUPPLY_VENV)/bin/pip-audit

messages: $(VENV)/installed-tests ## bring the Chinese catalogues up to date with the code
	$(BIN)/python -m tests.tools.update_messages

layers: $(LAYERS_VENV)/installed ## build the map layers and place names of PROVINCE anew from their published source
	$(LAYERS_VENV)/bin/python -m geo.build_layers $(PROVINCE)
	$(LAYERS_VENV)/bin/python -m geo.build_gazetteer $(PROVINCE)
	$(LAYERS_VENV)/bin/python -m geo.build_surroundings $(PROVINCE)

layers-check: $(LAYERS_VENV)/installed ## prove that the layers are what their source gives
	$(LAYERS_VENV)/bin/python -m geo.build_layers --check $(PROVINCE)
	$(LAYERS_VENV)/bin/python -m geo.build_gazetteer --check $(PROVINCE)
	$(LAYERS_VENV)/bin/python -m geo.build_surroundings --check $(PROVINCE)

$(VENV)/installed: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

$(VENV)/installed-tests: $(VENV)/installed tests/requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/requirements.txt
	touch $@

$(VENV)/installed-bench: $(VENV)/installed-tests tests/benchmarks/requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/benchmarks/requirements.txt
	touch $@

$(VENV)/installed-fuzz: $(VENV)/installed-tests tests/fuzz/requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/fuzz/requirements.txt
	touch $@

$(SUPPLY_VENV)/installed: tests/supply_chain/requirements.txt
	test -x $(SUPPLY_VENV)/bin/python || $(PYTHON) -m venv $(SUPPLY_VENV)
	$(SUPPLY_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/supply_chain/requirements.txt
	touch $@

$(LAYERS_VENV)/installed: geo/provinces/requirements.txt
	test -x $(LAYERS_VENV)/bin/python || $(PYTHON) -m venv $(LAYERS_VENV)
	$(LAYERS_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r geo/provinces/requirements.txt
	touch $@
