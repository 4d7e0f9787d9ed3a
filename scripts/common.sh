# shellcheck shell=bash disable=SC2034
# Paths and messages that the other scripts share. They source this file.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"

# Shared by all clones, and separate from what the user has installed.
export TOOLS="${TOOLS:-$HOME/.cache/shoal/tools}"
export PATH="$TOOLS/bin:$ROOT/node_modules/.bin:$PATH:${CARGO_HOME:-$HOME/.cargo}/bin"
TARGET="${CARGO_TARGET_DIR:-$ROOT/target}"
WASM=wasm32-unknown-unknown

# This would replace the flags of .cargo/config.toml, without which the wasm programs do not build.
unset RUSTFLAGS

say() {
    printf '==> %s\n' "$*"
}

die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

have() {
    command -v "$1" >/dev/null 2>&1
}

# sha256 FILE: its SHA-256 in hexadecimal.
sha256() {
    if have sha256sum; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}
