# chipproof. A newcomer needs two of these: `make run` and `make test`.
# Both install what is missing on a Debian machine, and say so.

SHELL       := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# How long each fuzz target runs. CI takes 3s.
FUZZTIME ?= 1m
# The web page that `make run` lets in, beside the console itself.
ORIGIN   ?= http://localhost:8000

# The race detector watches everything but what computes by itself for most of the
# tests' time: SQLite's engine, which is C made into Go by a machine, the passphrase
# hash of backups, and the compiler of the PDF reader's sandbox. A plain
# `go test -race ./...` holds too, and takes twice as long.
WAZERO    := github.com/tetratelabs/wazero/internal/engine/wazevo
UNWATCHED := $(foreach p,modernc.org/sqlite/lib golang.org/x/crypto/scrypt $(WAZERO)/ssa $(WAZERO)/frontend $(WAZERO)/backend/...,-gcflags=$(p)=-race=0)
RACE      := -race $(UNWATCHED)

.PHONY: help run test browser build bench fuzz lint cross nocgo golden check deps

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## a demonstration with a clerk who can log in; real readers when there are any, otherwise a simulated card
	@.ci/deps run
	@go build -o bin/chipproof ./cmd/chipproof
	@exec bin/chipproof serve --demo --driver auto --origin $(ORIGIN)

test: ## every test, under the race detector; a skipped test is a failure
	@.ci/deps test
	@go run ./internal/testsum $(RACE) -shuffle=on -timeout 18m ./...

browser: ## the console in a real Chromium; pictures of every page go to bin/screenshots
	@.ci/deps test
	@.ci/axe >/dev/null
	@go run ./internal/testsum ./api/browsertest

build: ## bin/chipproof and bin/chipproof-office
	@.ci/deps run
	go build -trimpath -o bin/chipproof ./cmd/chipproof
	go build -trimpath -o bin/chipproof-office ./cmd/chipproof-office

bench: ## the figures of the README, measured on this machine
	@.ci/deps test
	@go test -run '^$$' -bench . -benchtime 1s -p 1 \
		$$(grep -rl --include='*_test.go' '^func Benchmark' . | xargs -r -n1 dirname | sort -u) | go run ./internal/benchtable

fuzz: ## every fuzz target for FUZZTIME each (make fuzz FUZZTIME=10s)
	@.ci/deps run
	@.ci/fuzz $(FUZZTIME)

lint: ## formatting, go vet, staticcheck, go.mod; any finding fails
	@.ci/deps run
	@unformatted=$$(go tool gofumpt -l .); \
		if [ -n "$$unformatted" ]; then echo "not formatted, run: go tool gofumpt -w ."; echo "$$unformatted"; exit 1; fi
	go mod tidy -diff
	go vet ./...
	go tool staticcheck ./...

cross: ## build and vet for Windows and macOS, without cgo
	export GOOS=windows GOARCH=amd64 CGO_ENABLED=0; go build ./... && go vet ./...
	export GOOS=darwin GOARCH=arm64 CGO_ENABLED=0; go build ./... && go vet ./...

nocgo: ## the tests of what CGO_ENABLED=0 changes, and those in a browser, which are not built with the race detector
	@.ci/nocgo

golden: ## write the golden files anew; read their diff before you commit it
	@.ci/deps test
	go test $$(grep -rlE --include='*_test.go' 'flag\.Bool\("update"' . | xargs -r -n1 dirname | sort -u) -update

check: ## everything that CI does
	@.ci/run

deps: ## install what building and testing need, if it is missing
	@.ci/deps test
