.DEFAULT_GOAL := serve
.PHONY: serve build test style pages lab pdf component lock clean help install chromium
PY := .venv/bin/python

serve: build  ## install, build what changed, serve on 127.0.0.1 (this is plain `make`)
	@$(PY) book/_tools/serve.py

build: install  ## install, build what changed into _build/html
	@$(PY) book/_tools/equations.py
	@$(PY) book/_tools/build.py

test:  ## style, types, the book, every test
	@$(MAKE) --no-print-directory -j 2 install chromium
	@$(MAKE) --no-print-directory -j 2 style pages
	$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder

style: install
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

pages: install
	@$(PY) book/_tools/build.py
	$(PY) book/_tools/front.py check

lab: install  ## the chapters as notebooks in JupyterLab
	@JUPYTER_CONFIG_PATH=book/_tools/lab $(PY) -m jupyter lab book/index.md

pdf: build chromium  ## the whole book as a PDF, _build/gradients.pdf
	@$(PY) book/_tools/pdf.py

component: install  ## the checker for any page, _build/component
	@$(PY) book/_tools/component.py _build/component

lock: install  ## resolve requirements.txt and book/_front/package.json anew
	@$(PY) -m pip install --disable-pip-version-check --quiet uv
	$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" requirements.txt --output-file requirements.lock
	$(PY) book/_tools/front.py lock

clean:  ## remove what was built (not .venv)
	rm -rf _build book/_front/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install:
	@sh book/_tools/install.sh

chromium:
	@sh book/_tools/chromium.sh
