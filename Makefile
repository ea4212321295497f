# make run    prepare embedded databases, load England, serve the fund on http://127.0.0.1:8000 (PORT=8080 for another)
#             and the person wing, a service of its own, on http://127.0.0.1:8001 (CARE_PORT=8081 for another, 0 for none)
# make test   everything, PostgreSQL and browser suites included
# make check  the quick part: style, types, floors, fast tests (under 90 seconds)
# make fix    let ruff mend what it can      make lock      renew the locked requirements
# make soak   the large counts               make bench     side by side with what a user would pick instead
# make pictures   the README's screenshots   make design    renew the vendored design system (needs npm)
.DEFAULT_GOAL := help
.PHONY: help run test check fix lock soak bench pictures design reference
PORT ?= 8000
CARE_PORT ?= 8001

help:
	@sed -n 's/^# //p' Makefile

run:
	@tools/setup run
	@exec .venv/bin/carepool serve --port $(PORT) --care $(CARE_PORT)

test:
	@tools/setup test
	@exec tools/test all

check:
	@tools/setup test
	@exec tools/test check

fix:
	@tools/setup test
	@.venv/bin/ruff check -q --fix . ; .venv/bin/ruff format -q .

lock:
	@tools/setup run
	@exec tools/lock

soak:
	@tools/setup test
	@exec tools/test soak

bench:
	@tools/setup bench
	@exec .venv/bin/python -m benchmarks $(ONLY)

pictures:
	@tools/setup test
	@exec .venv/bin/python -m tests.pictures

reference:
	@tools/setup test
	@.venv/bin/python -m tests.reference
	@.venv/bin/python -m tests.asvs
	@exec .venv/bin/python -m tests.hazards

design:
	@exec tools/design
