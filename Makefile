# The commands of this repository; each is one line. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help demo test test-rust test-typescript test-validator program artifact protocol lint bench

# Agave's crates name a newer compiler than they need; see docs/decisions/0001-anchor-2.md.
CARGO_FLAGS := --locked --ignore-rust-version
SBF := cargo run $(CARGO_FLAGS) --quiet --package sessions-sbf --
PROGRAMS := sessions sessions-measuring arena rogue
MODULES := sessions-wasm
TARGET := $(or $(CARGO_TARGET_DIR),target)

help: ## List these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | expand -t 16

demo: ## Run a session's whole life on an embedded SVM and show it
	@cargo run $(CARGO_FLAGS) --quiet --package sessions-cli -- demo

test: lint test-rust test-typescript ## Lint, run every test, build the programs and the module again and compare them with the committed files

# After each program is compared, all are put where they are deployed from, and none may have been replaced by the build of another.
test-rust: ## Run every test in Rust, build the programs and the module again and compare them
	cargo test $(CARGO_FLAGS) --workspace --no-fail-fast
	set -e; for program in $(PROGRAMS) $(MODULES); do $(SBF) verify --package $$program; done
	set -e; for program in $(PROGRAMS); do $(SBF) build --registry --package $$program; done
	set -e; for file in $(wildcard programs/*/artifact/*.so tests/programs/*/artifact/*.so); do cmp $$file target/deploy/$$(basename $$file); done

test-typescript: ## Check and test the module, the TypeScript client and the deployment in Node, and the example page in Chromium
	cargo test $(CARGO_FLAGS) --workspace --test binary --no-run
	node --test app/wasm/tests/node.mjs
	cd app/ts && npm ci --no-audit --no-fund && npm run check && npm run docs && SESSIONS_BIN='$(abspath $(TARGET))/debug/sessions' npm test

# The examples are played by the first; the second leaves out the stories that play them again.
test-validator: ## Play the examples, the stories and the cache's suite on the solana-test-validator at SOLANA_TEST_VALIDATOR or on the PATH
	@cargo run $(CARGO_FLAGS) --quiet --package sessions-tests --bin test-validator
	@SESSIONS_ON_TEST_VALIDATOR=1 cargo test $(CARGO_FLAGS) --workspace --test scenarios -- --test-threads 1 --nocapture told:: \
		--skip every_example --skip the_same_scenario --skip json_is_an_object
	@SESSIONS_ON_TEST_VALIDATOR=1 cargo test $(CARGO_FLAGS) --workspace --test validator -- --test-threads 1 rpc::

program: ## Build target/deploy/sessions.so, the other programs and sessions.wasm
	@set -e; for program in $(PROGRAMS) $(MODULES); do $(SBF) build --package $$program; done

artifact: ## Build the programs and the module by the registry recipe and record each in the artifact folder of its package
	@set -e; for program in $(PROGRAMS) $(MODULES); do $(SBF) record --package $$program; done

protocol: ## Write idl/sessions.json, docs/protocol.md and idl/arena.json from the programs
	cargo run $(CARGO_FLAGS) --package sessions-tests --bin protocol

lint: ## Check formatting and lints
	cargo fmt --all --check && cargo clippy $(CARGO_FLAGS) --workspace --all-targets -- -D warnings

bench: ## Measure the program, write tests/compute-units.json and docs/compute-units.md, and time the cache
	cargo run $(CARGO_FLAGS) --package sessions-tests --bin bench
	cargo bench $(CARGO_FLAGS) --package sessions-client --no-default-features --features embedded --bench cache
