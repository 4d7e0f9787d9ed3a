// Prints a hash of everything from which the GPU program is built: gpu-inputs.mjs PROFILE. The build id contains this hash in
// place of the program's bytes, which `make run` adds only after the page has been loaded.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = dirname(dirname(fileURLToPath(import.meta.url)));
const FILES = ['Cargo.toml', 'Cargo.lock', '.cargo/config.toml', 'scripts/build-site', 'scripts/rustc-kernels', 'scripts/seal-program.mjs'];

/** The files in a folder, recursively, in path order. */
const filesUnder = (folder) => readdirSync(join(REPOSITORY, folder), { withFileTypes: true, recursive: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(REPOSITORY.length + 1))
  .sort();

// The sources of all crates, so that no list of the GPU program's dependencies can become out of date.
const crates = readdirSync(join(REPOSITORY, 'crates')).sort().map((name) => `crates/${name}`);
const sources = ['src', ...crates.flatMap((crate) => [`${crate}/src`])].filter((folder) => existsSync(join(REPOSITORY, folder)));
const manifests = crates.map((crate) => `${crate}/Cargo.toml`).filter((file) => existsSync(join(REPOSITORY, file)));

const [profile] = process.argv.slice(2);
const hash = createHash('sha256').update(`${profile}\0${execFileSync('rustc', ['--version', '--verbose'])}`);
for (const file of [...FILES, ...manifests, ...sources.flatMap(filesUnder)]) {
  hash.update(`${file}\0`).update(readFileSync(join(REPOSITORY, file)));
}
console.log(hash.digest('hex'));
