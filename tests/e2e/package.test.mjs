// The npm package: its files, its types, and its import on a server.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { makeFolder } from './support/pictures.mjs';

const ROOT = new URL('../../', import.meta.url).pathname;
const PACKAGE = join(ROOT, 'dist-package/package');
const VERSION = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')).version;
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const TYPES = join(ROOT, 'tests/e2e/types');

/** A folder with the package installed from its tarball. */
function installed(t) {
  const folder = makeFolder(t, 'user');
  const home = join(folder, 'node_modules/image-shoal');
  mkdirSync(home, { recursive: true });
  const tarball = join(ROOT, `dist-package/image-shoal-${VERSION}.tgz`);
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', home]);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  return folder;
}

/** The errors that tsc reports for a program of tests/e2e/types, as lines. */
function typeErrors(t, program) {
  const folder = installed(t);
  copyFileSync(join(TYPES, program), join(folder, program));
  const flags = ['--strict', '--noEmit', '--target', 'es2022', '--module', 'nodenext', '--lib', 'es2022,dom,dom.iterable'];
  const { stdout, status } = spawnSync('node', [TSC, ...flags, program], { cwd: folder, encoding: 'utf8' });
  const lines = stdout.split('\n').filter((line) => line.includes('error TS'));
  assert.equal(status === 0, lines.length === 0, stdout);
  return lines;
}

test('the package has all of its files and none of the page\'s', () => {
  const [{ files }] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', PACKAGE], { encoding: 'utf8' }));
  const names = files.map(({ path }) => path);
  for (const name of [
    'README.md', 'LICENSE-MIT', 'LICENSE-APACHE', 'THIRD_PARTY.md', 'dist/image-shoal.js', 'dist/image-shoal.d.ts', 'dist/react.d.ts',
    'dist/image-shoal.css', 'dist/app.js', 'dist/results.d.ts', 'dist/app_bg.wasm', 'dist/worker-loader.js',
    'dist/worker-crash.js', 'dist/worker-program.js', 'dist/loading-signs.js', 'dist/worker.js', 'dist/worker_bg.wasm',
    'dist/worker_relaxed.js', 'dist/worker_relaxed_bg.wasm', 'dist/decoders.js', 'dist/decoders_bg.wasm', 'dist/gpu-loader.js', 'dist/gpu.js', 'dist/gpu_bg.wasm',
    'dist/weights/mobilenet_v2_backbone.safetensors', 'dist/weights/mobilenet_v2_classifier.safetensors',
    'dist/weights/README.md',
  ]) {
    assert.ok(names.includes(name), name);
  }
  assert.deepEqual(names.filter((name) => /html|sw\.js|manifest|page|icon|offline|requests|while/.test(name)), []);
  const cargo = readFileSync(join(ROOT, 'Cargo.toml'), 'utf8');
  assert.equal(VERSION, cargo.match(/^version = "(.+)"$/m)[1]);
});

test('a correct program compiles', (t) => {
  assert.deepEqual(typeErrors(t, 'right.ts'), []);
});

test('every member has its type', async () => {
  const { Shoal } = await import(join(PACKAGE, 'dist/image-shoal.js'));
  const types = readFileSync(join(PACKAGE, 'dist/image-shoal.d.ts'), 'utf8');
  // Members that only the element uses.
  const internal = ['constructor', 'call', 'load', 'mount', 'receive', 'warm'];
  const members = Object.getOwnPropertyNames(Shoal.prototype).filter((name) => !internal.includes(name));
  assert.deepEqual(members.filter((name) => !new RegExp(`^  (readonly )?${name}[(<:]`, 'm').test(types)), []);
});

test('the types reject every mistake', (t) => {
  const lines = typeErrors(t, 'wrong.ts').map((line) => Number(line.match(/^wrong\.ts\((\d+),/)?.[1]));
  assert.deepEqual(lines, [5, 6, 7, 8, 9]);
});

test('it can be imported for server-side rendering', (t) => {
  const folder = installed(t);
  writeFileSync(join(folder, 'server.js'), "import { Shoal } from 'image-shoal'; console.log(typeof Shoal);");
  assert.equal(execFileSync('node', ['server.js'], { cwd: folder, encoding: 'utf8' }), 'function\n');
});
