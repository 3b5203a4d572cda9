# A thin front for CMake's presets and npm. The two commands a new user types: make run, make test.
SHELL := /bin/bash
export PATH := $(CURDIR)/.tools/bin:$(PATH)
JOBS ?= $(shell nproc)

.PHONY: run build test bench eval format lint test-asan test-tsan fuzz setup web clean
.DEFAULT_GOAL := build

setup:
	@scripts/setup

web: setup
	@scripts/build-web

build: web
	@cmake --preset release >/dev/null
	@cmake --build --preset release --target miniops -j $(JOBS)

run: build
	@exec build/release/miniops demo

test: setup
	@node scripts/test.mjs

test-asan: setup
	@node scripts/test.mjs --preset asan unit

test-tsan: setup
	@node scripts/test.mjs --preset tsan unit

bench: build
	@node bench/run.mjs
	@node bench/telemetry.mjs
	@node bench/logs.mjs
	@node bench/charts.mjs

eval: setup
	@node eval/run.mjs

fuzz: setup
	@cmake --preset fuzz >/dev/null
	@cmake --build --preset fuzz -j $(JOBS)
	@fuzz/run.sh $(or $(SECONDS_EACH),120)

format: setup
	@scripts/format

lint: setup
	@scripts/lint

clean:
	rm -rf build web/dist
