# Every target sets up what it needs: a virtual environment in .venv, made with $(PYTHON).
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
OUT    ?= out

.PHONY: help system demo test lint golden docs bench fuzz soak prove clean

help:                 ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /	/'

# the command alone
$(VENV)/usable: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

# and all that the tests, the documentation and the measuring need
$(VENV)/installed: $(VENV)/usable
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

# Without them everything else is tested all the same: the tests that need them say so and are skipped.
system:               ## install what a few tests need of the system: LibreOffice Writer and Calc, bsdtar, 7z, Chromium (Debian, Ubuntu)
	@if command -v soffice >/dev/null && command -v bsdtar >/dev/null && command -v 7z >/dev/null && command -v chromium >/dev/null; then \
		echo "soffice, bsdtar, 7z and chromium are there: nothing to install"; \
	elif command -v apt-get >/dev/null; then \
		echo "installing libreoffice-writer-nogui, libreoffice-calc-nogui, libarchive-tools, p7zip-full, chromium and fonts-noto-cjk with apt-get"; \
		root=$$([ "$$(id -u)" = 0 ] || echo sudo); \
		$$root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$root apt-get install -y -qq \
			--no-install-recommends libreoffice-writer-nogui libreoffice-calc-nogui libarchive-tools p7zip-full chromium fonts-noto-cjk >/dev/null; \
	else \
		echo "no apt-get here: install LibreOffice, bsdtar (libarchive), 7z and Chromium by hand"; \
	fi

demo: $(VENV)/usable      ## install, then read and check the sample forms into out/
	$(BIN)/zipingbiao run samples/*/form.docx --out $(OUT)

test: lint            ## install, then run linters and tests
	$(BIN)/python -m pytest --numprocesses auto

lint: $(VENV)/installed   ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

golden: $(VENV)/installed ## write samples and golden files anew; review the difference by eye
	$(BIN)/python samples/make.py --golden

docs: $(VENV)/installed   ## write what is generated from the code: docs/checks.md, the list of checks in the READMEs
	$(BIN)/python docs/make.py

# The peers live in an environment of their own; of one that cannot be installed or fails, the results say so.
PEERS ?= .venv-bench
# So many has the longest run: with 10000, some twenty minutes in all.
FILES ?= 10000
bench: $(VENV)/installed  ## measure speed beside other libraries; writes benchmarks/RESULTS.md
	@test -d $(PEERS) || $(PYTHON) -m venv $(PEERS)
	@sed 's/#.*//' benchmarks/peers.txt | while read -r peer; do \
		test -z "$$peer" || $(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check "$$peer" || \
			echo "$$peer cannot be installed here: it is left out"; done
	$(BIN)/python benchmarks/run.py --peers $(PEERS)/bin/python --files $(FILES)

# Seconds for each of 20 formats: some 13 minutes in all.
FUZZ_SECONDS ?= 40
fuzz: $(VENV)/installed   ## damage files and read them, in search of what breaks a reader; findings go to fuzz-out/
	$(BIN)/python tests/fuzz.py --seconds $(FUZZ_SECONDS) --out fuzz-out

# So many forms of each of five formats: ten minutes on eight cores.
LAYOUTS ?= 2000
soak: $(VENV)/installed   ## draw forms in many layouts and read them, in search of one that is read wrongly
	LAYOUTS=$(LAYOUTS) $(BIN)/python -m pytest --numprocesses auto tests/test_any_layout.py

# Records for the oracle of the checks (three minutes on one core), and honest forms for each policy (some ten minutes as
# text, the better part of an hour in Word layouts).
ORACLE ?= 100000
HONEST ?= 2500
prove: $(VENV)/installed  ## hold the checks against a second opinion in fractions, and against honest forms
	ORACLE=$(ORACLE) HONEST=$(HONEST) $(BIN)/python -m pytest --numprocesses auto \
		tests/test_checks_oracle.py tests/test_checks_honest.py

clean:                ## remove the virtual environment and the output
	rm -rf $(VENV) $(OUT) fuzz-out
