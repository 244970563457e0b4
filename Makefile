PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SYSTEM := chromium libegl1 libgl1 libgl1-mesa-dri libimage-exiftool-perl libtiff-tools openexr pngcheck \
	poppler-utils strace \
	x11-xkb-utils x11-xserver-utils xdotool xvfb
TOOLS := chromium exiftool exrheader pdftotext pngcheck setxkbmap strace tiffinfo xdotool xrdb Xvfb
# Two files of tests at a time, on two cores: more threads of BLAS would wait for each other, and take
# half as much time again. What `slow` and `long` mean stands in pyproject.toml.
PYTEST := OPENBLAS_NUM_THREADS=1 $(BIN)/pytest -n 2 --dist loadfile

# Compiled modules are kept, whatever the environment says: the tests start hundreds of processes.
export PYTHONDONTWRITEBYTECODE =

.PHONY: demo check test test-long lint bench bench-gpu card pictures site clean

demo: $(VENV)/netart  ## Draw three presets and a short film into out/
	@mkdir -p out
	@for name in silk stained-glass ember; do \
		$(BIN)/netart render $$name -o out/$$name.png || exit; \
	done
	@$(BIN)/netart animate lava --duration 2 --size 320x320 -o out/lava.mp4

check: lint system  ## For daily work: lint, types, and the tests that are quick
	$(PYTEST) -m 'not slow and not long'

test: lint system  ## For every change: lint, types, and all tests but the long campaigns
	$(PYTEST)

test-long: $(VENV)/dev system  ## The long campaigns, which print their figures
	$(BIN)/pytest -m long -s

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/bench system  ## Measure into tests/bench/RESULTS.md; the window and training on stdout
	$(BIN)/python tests/bench/run.py
	$(BIN)/python tests/bench/live.py
	$(BIN)/python tests/bench/training.py

bench-gpu: $(VENV)/netart  ## On a machine with a card: measure it too, beside torch where it is installed
	$(BIN)/python tests/bench/gpu.py

card: $(VENV)/dev  ## On a machine with a card: all that it can tell, into out/card
	PYTHON=$(BIN)/python tests/bench/card.sh

pictures: $(VENV)/netart  ## Draw the README's pictures, and the layers from the imports
	$(BIN)/python -m tests.pictures
	$(BIN)/python -m tests.layers

site: $(VENV)/netart  ## A static site of all presets, into out/site: open its index.html
	$(BIN)/python -m docs.site out/site

clean:
	rm -rf $(VENV) out dist

# Debian and Ubuntu, as root or through sudo; elsewhere say what is missing.
.PHONY: system
system:
	@if ldconfig -p 2>/dev/null | grep -q libEGL.so.1 && ls /usr/lib/*/dri/swrast_dri.so >/dev/null 2>&1 \
		&& which $(TOOLS) >/dev/null 2>&1; then :; \
	elif command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		apt-get update -qq && apt-get install -y -qq $(SYSTEM); \
	elif command -v apt-get >/dev/null && command -v sudo >/dev/null; then \
		sudo apt-get update -qq && sudo apt-get install -y -qq $(SYSTEM); \
	else echo "some tests need OpenGL over EGL and $(TOOLS), in Debian $(SYSTEM)"; fi

$(VENV)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed")'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/netart: $(VENV)/python pyproject.toml
	@echo installing netart into $(VENV)
	@$(BIN)/pip install -q -e .
	@touch $@

$(VENV)/dev: $(VENV)/netart
	$(BIN)/pip install -q -e '.[dev]'
	@touch $@

$(VENV)/bench: $(VENV)/netart
	$(BIN)/pip install -q -e '.[bench]'
	@touch $@
