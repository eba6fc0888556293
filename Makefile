# zhiban: everything a fresh clone needs is Python 3.11+ and make; see CONTRIBUTING.md.
# PYTHON=/path/to/python chooses the interpreter that .venv is built with.

PY := .venv/bin/python
SOURCES := pyproject.toml hatch_build.py requirements/environment.sh
# The everyday run leaves out what is marked slow; CI leaves out what `make deep` searches.
MARKS := $(if $(CI),-m "not deep" --durations=40,-m "not slow and not deep")
# Twice as many workers as two cores, for a third of the time a test waits; slow ones come first.
RUN := PYTHONDONTWRITEBYTECODE= $(PY) -m pytest --dist worksteal
# More pytest arguments: make test ARGS="-k journal --store postgresql+psycopg://…"
ARGS :=

.PHONY: help demo test quick deep lint check bench mutation translations pictures examples lock clean

help:
	@echo "make demo          the console, offline, with a living district"
	@echo "make test          the tests"
	@echo "make quick         the tests of rules, widgets and adapters: half a minute"
	@echo "make deep          long campaigns, and properties with new examples"
	@echo "make check         format, types, walls, and the tests"
	@echo "make bench         measure, and write docs/performance.md"
	@echo "make mutation      which share of small wrong changes the tests notice"
	@echo "make translations  compile the message catalogues"
	@echo "make pictures      export the screens shown in the README"
	@echo "make examples      the example reports, from the demo's night"
	@echo "make lock          resolve the requirements anew (ARGS=--upgrade for newer ones)"
	@echo "make clean         remove .venv and everything that was built"

.venv/.run: requirements/run.txt $(SOURCES)
	@sh requirements/environment.sh run

.venv/.dev: requirements/dev.txt $(SOURCES)
	@sh requirements/environment.sh dev

demo: .venv/.run
	@$(PY) -m hatch_build
	@.venv/bin/zhiban demo

test: .venv/.dev
	$(RUN) -n 4 $(MARKS) $(ARGS)

quick: .venv/.dev
	$(RUN) -n 2 -m "not slow and not deep" tests/domain tests/widgets tests/adapters $(ARGS)

deep: .venv/.dev
	ZHIBAN_DEEP=1 $(RUN) -n 4 -m "deep or searched" --durations=40 $(ARGS)

lint: .venv/.dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

check: lint test

bench: .venv/.dev
	$(PY) -m bench $(ARGS)

mutation: .venv/.dev
	$(PY) -m bench.mutation $(ARGS)

translations: .venv/.run
	$(PY) -m hatch_build

pictures: .venv/.dev
	$(PY) -m bench.pictures

examples: .venv/.dev
	$(PY) -m bench.examples $(ARGS)

lock: .venv/.dev
	sh requirements/lock.sh $(ARGS)

clean:
	rm -rf .venv .mutation .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist build
	rm -f console/locale/*/LC_MESSAGES/*.mo
	find adapters bench console fixtures tests widgets -name __pycache__ -prune -exec rm -rf {} +
