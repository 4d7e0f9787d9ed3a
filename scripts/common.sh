# Sourced by the other scripts: where things are, and how they speak.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"

# Shared by all clones, and apart from anything the user has installed.
export TOOLS="${TOOLS:-$HOME/.cache/shoal/tools}"
export PATH="$TOOLS/bin:$ROOT/node_modules/.bin:$PATH:${CARGO_HOME:-$HOME/.cargo}/bin"
TARGET="${CARGO_TARGET_DIR:-$ROOT/target}"
WASM=wasm32-unknown-unknown

# It would replace the flags of .cargo/config.toml, without which the wasm programs do not build.
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
