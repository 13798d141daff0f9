# Every target sets up what it needs: python3 (3.11 or newer, with venv and pip), make and git are enough.

PYTHON ?= python3
BIN := .venv/bin
UV_VERSION := $(shell awk '/^name = "uv"$$/ { getline; gsub(/[^0-9.]/, ""); print; exit }' uv.lock)
INSTALLED := .venv/installed

# The machine's own certificates, as for pip and git.
export UV_SYSTEM_CERTS := 1

SNAPSHOTS = $(shell grep -l inline_snapshot tests/*.py)

BENCHMARKS := faults imperfect imports cpu rows kill away budget keys deadline costs memory

.DEFAULT_GOAL := help
.PHONY: help install demo test snapshots coverage evals bench bench-rules bench-frozen $(BENCHMARKS:%=bench-%) format lint typecheck wheel test-wheel clean

help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(INSTALLED) ## Create .venv from the lock file; every other target does it by itself

$(INSTALLED): pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "$(PYTHON) is $$($(PYTHON) -V 2>&1); Python 3.11 or newer is needed: make PYTHON=python3.11 ..." >&2; exit 1; }
	@echo "Setting up .venv (once) ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(BIN)/python -m uv sync --frozen --quiet
	@touch $@

demo: $(INSTALLED) ## Take the example brief through all five features (MODEL=openai:gpt-5.2 for a real model)
	@$(BIN)/ai-service demo $(if $(MODEL),--model $(MODEL))

test: $(INSTALLED) ## Run all tests
	@$(BIN)/pytest -q -n auto

snapshots: $(INSTALLED) ## Update the inline snapshots of the tests, which parallel runs leave alone; review the diff
	@PATH="$(CURDIR)/$(BIN):$$PATH" pytest -q --inline-snapshot=create,fix $(SNAPSHOTS) > /dev/null || true # a changed one fails
	@$(BIN)/pytest -q $(SNAPSHOTS)

coverage: $(INSTALLED) ## Run all tests and report the branches they miss
	@$(BIN)/pytest -q -n auto --cov --cov-report=term

evals: $(INSTALLED) ## Run the evals offline on the sandbox; fails below the thresholds
	@$(BIN)/python -m evals

bench: $(INSTALLED) ## Run a short form of all benchmarks, in under 5 minutes
	@$(BIN)/python -m evals.benchmarks all --short

bench-faults: ## Answers won, requests and tokens lost in a mix of faults, beside other libraries
bench-imperfect: ## The same in bursts, outages, a rate limit and odd answers
bench-imports: ## CPU of `import ai_service` over that of pydantic_ai, openai and sqlmodel
bench-cpu: ## CPU per call over bare PydanticAI, with and without spans
bench-rows: ## Durable rows per second, and what a call waits for its own
bench-kill: ## What the ledger lacks after kill -9 at 200 random moments
bench-away: ## Rows lost and calls failed while the database is away for 5 s
bench-budget: ## What 200 calls of three processes overspend of one dollar
bench-keys: ## Requests for 100 calls of three processes with one idempotency key
bench-deadline: ## How much later than its deadline a call ends
bench-costs: ## A month of one business summed up out of a million rows
bench-memory: ## Resident memory after 20,000 calls over after 2,000
bench-frozen: $(INSTALLED) ## What becomes of texts that were written before the rules and are never mended on
	@$(BIN)/python -m evals.frozen

bench-rules: $(INSTALLED) ## Recall and false alarms of each rule, and what is made for 60 briefs
	@$(BIN)/python -m evals.rules --businesses

$(BENCHMARKS:%=bench-%): bench-%: $(INSTALLED)
	@$(BIN)/python -m evals.benchmarks $*

format: $(INSTALLED) ## Format and sort imports
	@$(BIN)/ruff check --fix --quiet
	@$(BIN)/ruff format
	@$(BIN)/python -m tests.module_list

lint: $(INSTALLED) ## Check style, import contracts, and that the wheel's build can rename the imports
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/lint-imports
	@$(BIN)/python -m tests.wheel.lint
	@$(BIN)/python -m tests.module_list --check

typecheck: $(INSTALLED) ## Check types, strictly
	@$(BIN)/pyright

wheel: $(INSTALLED) ## Install wheel, sdist and git URL, compare the files, call them from an empty environment
	@$(BIN)/python -m tests.wheel.check

test-wheel: $(INSTALLED) ## Run all tests against the installed wheel, beside a host's modules of the same names
	@$(BIN)/python -m tests.wheel.suite

clean: ## Remove what the targets made
	rm -rf .venv evals/benchmarks/peers/.venv dist build demo-output .coverage .pytest_cache .ruff_cache
