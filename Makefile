# Everything runs from here; `make help` says what there is.
.DEFAULT_GOAL := help
.PHONY: help setup demo demo-reset test check bench prove schema
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
PY := .venv/bin/python
MANAGE := $(PY) manage.py
INSTALLED := .venv/.installed

help: ## say what there is
	@echo "Xmarket: agents propose, people decide, the database proves it."
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1 \t\2/p' $(MAKEFILE_LIST) | expand -t 20

setup: $(INSTALLED) ## install everything into .venv, and nothing anywhere else
	@echo "Everything is installed in .venv."

demo: $(INSTALLED) ## start everything on 127.0.0.1:8000 (PORT=9000, QUESTIONS=questions.json)
	@exec $(MANAGE) demo $(if $(PORT),--port "$(PORT)") $(if $(QUESTIONS),--questions "$(QUESTIONS)")

demo-reset: $(INSTALLED) ## remove what make demo keeps, to start over
	@exec $(MANAGE) demo --reset

test: $(INSTALLED) ## run all tests on a PostgreSQL of their own (ARGS="-n0 -k approval")
	@exec $(MANAGE) testdb -- python -m pytest --numprocesses=logical --maxprocesses=8 --dist=loadfile $(ARGS)

check: $(INSTALLED) ## lint, types, floors, migrations, settings of production, schema dump, drawn pages
	@echo "ruff"
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --check --quiet . || { echo "Run: $(PY) -m ruff format ."; exit 1; }
	@echo "mypy"
	@$(PY) -m mypy --no-error-summary
	@echo "import-linter"
	@$(PY) -c "from importlinter.cli import lint_imports_command as run; run(['--no-logo'])"
	@echo "migrations"
	@DATABASE_URL= $(PY) -W "ignore:Got an error checking" manage.py makemigrations --check --dry-run
	@echo "settings of production"
	@$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING
	@echo "docs/schema.sql"
	@$(MANAGE) testdb -- python manage.py schema --check
	@echo "drawn pages of docs/"
	@$(MANAGE) testdb -- python manage.py documents --check

bench: $(INSTALLED) ## measure the figures of docs/figures.md (ONLY=P25)
	@exec $(MANAGE) testdb -- python -m bench $(ONLY)

prove: $(INSTALLED) ## run the experiments of docs/figures.md (ONLY=E12)
	@exec $(MANAGE) testdb -- python -m bench.prove $(ONLY)

schema: $(INSTALLED) ## write docs/schema.sql anew
	@exec $(MANAGE) testdb -- python manage.py schema

# values that are well formed and open nothing
PRODUCTION := ENVIRONMENT=production BUILD=check SECURITY_CONTACT=mailto:security@example.org \
	SECRET_KEY=only-for-make-check-0123456789-abcdefghijklmnopqrstuvwxyz \
	ALLOWED_HOSTS=xmarket.example.org CSRF_TRUSTED_ORIGINS=https://xmarket.example.org \
	SIGNING_SECRETS_KEY=b25seS1mb3ItbWFrZS1jaGVjay0wMTIzNDU2Nzg5YWI= \
	DATABASE_URL=postgresql://xmarket@database.invalid/xmarket

$(INSTALLED): requirements.txt requirements-dev.txt
	@$(PY) -m pip --version >/dev/null 2>&1 || $(MAKE) .venv
	@echo "Installing what requirements-dev.txt names into .venv ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --requirement requirements-dev.txt
	@touch $@

.PHONY: .venv
.venv:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON): install Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$$($(PYTHON) --version) is too old: Python 3.11 or newer is needed (make PYTHON=python3.12)."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) lacks venv or ensurepip. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Making a virtual environment in .venv ..."
	@$(PYTHON) -m venv --clear .venv
