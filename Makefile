# Two commands are for everyone: `make run` and `make test`. Both install what is missing.
SHELL := bash
TOOLS ?= $(HOME)/.cache/shoal/tools
PORT ?= 8080
OUT ?= weights
FILES ?= 2000
MB ?= 5
WASM := wasm32-unknown-unknown
# The packages that are not made for a browser.
NATIVE := --exclude shoal-cli --exclude shoal-native --exclude shoal-python
export TOOLS

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run build package examples dev test lint doc deny test-native test-browser test-e2e python test-python check-size bench \
	soak bench-native fmt install weights quality tools clean

help: ## lists these commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## builds the page and serves it, then builds the GPU program (PORT=8080)
	@scripts/install-tools build
	@PORT="$(PORT)" scripts/run

build: ## builds the page into dist/, everything as it is shipped
	@scripts/install-tools build
	@scripts/timed build scripts/build-site

package: build ## makes the npm package: dist-package/package, and beside it the tarball
	@scripts/package

examples: package ## builds examples/ from the package, into examples/dist/
	@scripts/timed examples scripts/build-examples

dev: ## serves the page and rebuilds it on every change, quickly and unoptimised (PORT=8080, GPU=1: with WebGPU)
	@scripts/install-tools dev
	@PATH="$(TOOLS)/bin:$$PATH" trunk serve --port $(PORT)

# Tests build everything with one profile. PROFILE=release tests what is shipped, which takes far longer to build.
# The cheapest checks come first.
test: export PROFILE ?= quick
test: lint doc test-native build check-size test-browser examples test-e2e python test-python ## runs every check and test

lint: ## formatting, import cycles, and clippy, native and wasm
	@scripts/install-tools test
	@scripts/timed fmt scripts/check-format
	@scripts/timed import-cycles node scripts/import-cycles.mjs
	@scripts/timed clippy cargo clippy --locked --profile quick --all-targets -- -D warnings
	@scripts/timed clippy-python cargo clippy --locked --profile quick --package shoal-python -- -D warnings
	@scripts/timed clippy-wasm cargo clippy --locked --profile quick --target $(WASM) --workspace $(NATIVE) \
		--lib --bins -- -D warnings
	@scripts/timed clippy-wasm-tests cargo clippy --locked --profile quick --target $(WASM) --package shoal-browser \
		--package shoal-engine --package shoal-worker --package shoal-gpu --tests -- -D warnings

doc: ## links in documents, and the documentation with warnings, broken links included, as errors
	@scripts/install-tools build
	@scripts/timed links node scripts/check-links.mjs
	@RUSTDOCFLAGS="-D warnings" scripts/timed doc cargo doc --locked --profile quick --target $(WASM) --workspace \
		$(NATIVE) --lib --no-deps

deny: ## licences, sources and known vulnerabilities of dependencies, by cargo-deny
	@cargo deny --workspace --all-features check

test-native: ## all tests that need no browser
	@scripts/fetch-weights >/dev/null || [ $$? = 3 ]
	@scripts/timed test-native cargo test --locked --profile quick

test-browser: ## the Rust tests that need a browser
	@scripts/install-tools test
	@scripts/timed test-browser scripts/test-browser

test-e2e: ## drives the built page with a browser
	@scripts/install-tools test
	@scripts/timed test-e2e scripts/test-e2e

python: ## builds the Python wheel into dist-python/
	@scripts/install-tools build
	@scripts/timed python scripts/python

test-python: ## tests the wheel in dist-python/, and the Spark example with it
	@scripts/install-tools test
	@scripts/timed test-python scripts/test-python python
	@scripts/timed test-spark scripts/test-python spark

check-size: ## how much the built page downloads, and that this is within its limit
	@scripts/timed check-size scripts/check-size

bench: build ## compares with tfjs, onnxruntime-web, scikit-learn and umap-learn, and times photographs (ROUNDS=15 COUNT=100)
	@scripts/install-tools test
	@scripts/bench

soak: build ## many large images from drop to zip, and the memory that this takes (FILES=2000 MB=5)
	@scripts/install-tools test
	@FILES="$(FILES)" MB="$(MB)" node benches/web/soak.mjs

bench-native: ## times the native kernels
	@cargo bench --locked --package shoal-kernels --bench kernels

fmt: ## formats the Rust code
	@scripts/check-format --write

install: ## installs the command shoal, for images on this machine (~/.cargo/bin)
	@cargo install --locked --path crates/cli

weights: ## converts weights, .safetensors or .pth, into the shipped form (FROM=file, OUT=weights)
	@test -n "$(FROM)" || { echo "name a file: make weights FROM=mobilenet_v2.safetensors" >&2; exit 1; }
	@cargo run --locked --package shoal-cli -- weights "$(FROM)" "$(OUT)"

quality: ## how well labelled images are clustered (DIR=folder of folders, WEIGHTS=file to try others)
	@test -n "$(DIR)" || { echo "name a folder: make quality DIR=pictures" >&2; exit 1; }
	@cargo run --locked --release --package shoal-cli -- quality "$(DIR)" $(if $(WEIGHTS),--weights "$(WEIGHTS)")

tools: ## installs everything that building, testing and developing need
	@scripts/install-tools test
	@scripts/install-tools dev

clean: ## removes what was built, but no tools
	@rm -rf dist dist-package dist-python examples/dist artifacts
	@cargo clean
