# The commands of this repository; each is one line. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help demo test program artifact protocol lint bench

# Agave's crates name a newer compiler than they need; see docs/decisions/0001-anchor-2.md.
CARGO_FLAGS := --locked --ignore-rust-version
SBF := cargo run $(CARGO_FLAGS) --quiet --package sessions-sbf --

help: ## List these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | expand -t 12

demo: ## Run a session's whole life on an embedded SVM and show it
	@cargo run $(CARGO_FLAGS) --quiet --package sessions-cli -- demo

test: lint ## Lint, run every test, rebuild the program and compare it with the committed file
	cargo test $(CARGO_FLAGS) --workspace --no-fail-fast && $(SBF) verify

program: ## Build target/deploy/sessions.so
	@$(SBF) build

artifact: ## Build the program by the registry recipe and record it in programs/sessions/artifact
	@$(SBF) record

protocol: ## Write idl/sessions.json and docs/protocol.md from the program
	cargo run $(CARGO_FLAGS) --package sessions-tests --bin protocol

lint: ## Check formatting and lints
	cargo fmt --all --check && cargo clippy $(CARGO_FLAGS) --workspace --all-targets -- -D warnings

bench: ## Measure the program and write tests/compute-units.json and docs/compute-units.md
	cargo run $(CARGO_FLAGS) --package sessions-tests --bin bench
