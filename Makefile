# SPDX-License-Identifier: Apache-2.0
# Thin over meson: every target does all that it needs by itself.
PREFIX ?= /usr/local
DESTDIR ?=
BENCH ?=
SECONDS ?= 60
FUZZ ?=

all:
	@scripts/setup build
	@ninja -C build assay

help:
	@echo 'make                      builds build/assay'
	@echo 'make check                all tests, in both flavours (minutes); "make check-quick" for the quick suites'
	@echo 'make demo                 an infusion pump, built, checked, mended, checked again and audited'
	@echo 'make bench [BENCH=NAME]   measures'
	@echo 'make fuzz [FUZZ=NAME] [SECONDS=60]  fuzzes each parser, or one'
	@echo 'make mutants              switches off one check after the other and shows who notices'
	@echo 'make check-clean-machine  the README, followed on a fresh Debian 12 (as root)'
	@echo 'make install              into $$(DESTDIR)$$(PREFIX), $(DESTDIR)$(PREFIX) as things are'
	@echo 'make clean                removes every build folder'

check:
	@scripts/setup check
	@scripts/check

check-quick:
	@scripts/setup check
	@scripts/check --quick

demo:
	@scripts/setup demo
	@ninja -C build
	@scripts/demo

bench:
	@scripts/setup bench
	@ninja -C build
	@scripts/bench $(BENCH)

fuzz:
	@scripts/setup fuzz
	@scripts/fuzz '$(SECONDS)' $(FUZZ)

mutants:
	@scripts/setup check
	@scripts/mutants

check-clean-machine:
	@scripts/setup clean-machine
	@scripts/check-clean-machine

install:
	@scripts/setup build
	@meson configure build -Dprefix='$(PREFIX)' >/dev/null
	@ninja --quiet -C build
	@DESTDIR='$(DESTDIR)' meson install -C build --no-rebuild --quiet

clean:
	@rm -rf build build-*

.PHONY: all help check check-quick demo bench fuzz mutants check-clean-machine install clean
