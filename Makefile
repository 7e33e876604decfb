# Everything a newcomer runs. `make help` lists it.
PORT ?= 8501
HOST ?= 127.0.0.1
SAMPLE ?= 1
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

export SAMPLE

.DEFAULT_GOAL := help
.PHONY: help setup run test layers messages

help: ## list the targets
	@grep -hE '^[a-z-]+:.*?## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/installed: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -r requirements.txt
	touch $@

$(VENV)/installed-tests: $(VENV)/installed tests/requirements.txt
	$(BIN)/python -m pip install --quiet -r tests/requirements.txt
	touch $@
