# The stable interface of the project: install, run, test, check, bench, faults.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: install run dev tools test check bench faults clean

# What running needs: pinned by version and hash, nothing else.
install: $(VENV)/.run
$(VENV)/.run: constraints/run.txt pyproject.toml CHANGELOG.md
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: install
	@exec $(BIN)/preau demo $(ARGS)

# What testing needs besides.
dev: install $(VENV)/.dev
$(VENV)/.dev: constraints/dev.txt $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints/dev.txt
	@touch $@

# Debian packages the tests drive for real: two browsers, a PostgreSQL server, an office suite that opens our files, and
# what turns a printed document into text and pictures.
tools:
	@missing=""; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	{ command -v initdb >/dev/null && initdb --version >/dev/null 2>&1; } || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$$missing postgresql"; \
	command -v firefox-esr >/dev/null || missing="$$missing firefox-esr"; \
	command -v soffice >/dev/null || missing="$$missing libreoffice-calc-nogui"; \
	command -v pdftoppm >/dev/null || missing="$$missing poppler-utils"; \
	if [ -n "$$missing" ]; then \
	  echo "The tests need these Debian packages:$$missing. Installing them$(if $(SUDO), with sudo,)."; \
	  $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; \
	fi

# One worker more than there are cores: many tests wait for a browser or a server more than they compute.
WORKERS ?= $$(($$(nproc) + 1))
test: dev tools
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --durations=30 --durations-min=4 $(ARGS)

check: dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy exam kiosk sync web tests
	$(BIN)/lint-imports

bench: install
	$(BIN)/preau bench all

# Long campaigns: 200 kills under load and the other injected faults; each line of docs/operate/faults.md is printed with its result.
faults: dev tools
	$(BIN)/python -m pytest tests/journeys tests/faults $$($(BIN)/python tests/support/fault_table.py) --faults $(ARGS)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
