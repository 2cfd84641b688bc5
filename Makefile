# make demo   sets everything up, runs the pipeline on the sample study, serves its review page
# make test   sets everything up and runs every test
# make bench  times encoding, runs and the page, in small sizes
# make check  style, types, the arrows between the rooms
# Everything is kept in .venv; nothing else on the machine is touched.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
ARGS ?=
# How many test files run side by side.
WORKERS ?= 2

.PHONY: setup demo test check bench bench-quality lock clean

setup: $(READY)

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
		|| { echo "themeloop needs Python 3.11: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: setup
	@$(BIN)/themeloop demo $(ARGS)

test: setup
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile \
		--cov --cov-report=term $(ARGS)

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Speed in small sizes, some ten minutes. Figures mean something on an otherwise idle machine only.
bench: setup
	$(BIN)/python -m bench.encode
	$(BIN)/python -m bench.flow --interviews 3 --words 3000 --small-interviews 1 --small-words 1000
	$(BIN)/python -m bench.idle --interviews 3
	$(BIN)/python -m bench.scale --excerpts 1000 --excerpts 4000
	@echo
	@echo "In full, each with --json for a file (docs/scale-figures.md):"
	@echo "  python -m bench.flow --rounds 3"
	@echo "  python -m bench.idle"
	@echo "  python -m bench.scale --excerpts 10000 --excerpts 100000 --excerpts 1000000"
	@echo "  the same with --database postgresql"
	@echo "  python -m bench.scale_picture sqlite.json postgresql.json --to docs/scale.svg"

# make bench-quality DATA=coded.csv CODEBOOK=codebook.yaml
bench-quality: setup
	$(BIN)/python -m bench.quality $(DATA) --codebook $(CODEBOOK) $(ARGS)

# Writes the lock anew from what is installed: names and versions only.
lock: setup
	$(BIN)/python -m pip freeze --exclude-editable \
		| sed -E 's/\+[A-Za-z0-9.]+$$//; /@/d' | sort -f > constraints.txt

clean:
	rm -rf $(VENV) demo-study demo-study*.key .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .hypothesis
