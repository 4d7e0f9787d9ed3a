// Makes the npm package from a built site: package.mjs SITE FOLDER. Leaves out the files that only the page needs.

import { cpSync, readFileSync, readdirSync, rmSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';

const PAGE_FILES = new Set([
  'index.html', 'page.css', 'page.js', 'requests.js', 'offline.js', 'while-working.js', 'sw.js', 'manifest.webmanifest',
  'icons', 'icon.svg', 'old-browser.js',
]);
/** The types that wasm-bindgen generates. Those of results and options become results.d.ts. */
const PROGRAM_TYPES = 'app.d.ts';

/** The types of results and options, without wasm-bindgen's own of the program and the browser. */
function resultTypes(text) {
  const file = ts.createSourceFile(PROGRAM_TYPES, text, ts.ScriptTarget.Latest);
  const isResultType = (statement) => (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement))
    && !/^(Init|SyncInit|ReadableStream)/.test(statement.name.text);
  return `${file.statements.filter(isResultType).map((statement) => statement.getFullText(file).trim()).join('\n\n')}\n`;
}

const [site, folder] = process.argv.slice(2);
const [, version] = readFileSync('Cargo.toml', 'utf8').match(/^version = "(.+)"$/m);

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(site).filter((name) => !PAGE_FILES.has(name) && name !== PROGRAM_TYPES)) {
  cpSync(join(site, name), join(folder, 'dist', name), { recursive: true });
}
writeFileSync(join(folder, 'dist/results.d.ts'), resultTypes(readFileSync(join(site, PROGRAM_TYPES), 'utf8')));
cpSync('weights/README.md', join(folder, 'dist', 'weights', 'README.md'));
for (const path of ['docs/package.md', 'LICENSE-MIT', 'LICENSE-APACHE', 'THIRD_PARTY.md']) {
  cpSync(path, join(folder, path === 'docs/package.md' ? 'README.md' : basename(path)));
}
const manifest = {
  name: 'image-shoal',
  version,
  description: 'A web component that sorts a folder of pictures by what they show. Nothing leaves the machine.',
  keywords: ['image', 'clustering', 'web-component', 'custom-element', 'wasm', 'mobilenet', 'kmeans', 'private'],
  license: 'MIT OR Apache-2.0',
  type: 'module',
  main: './dist/image-shoal.js',
  types: './dist/image-shoal.d.ts',
  exports: {
    '.': { types: './dist/image-shoal.d.ts', default: './dist/image-shoal.js' },
    './react': { types: './dist/react.d.ts', default: './dist/image-shoal.js' },
    './dist/*': './dist/*',
    './package.json': './package.json',
  },
  files: ['dist', 'THIRD_PARTY.md', 'LICENSE-*'],
  // Importing the module defines the element.
  sideEffects: ['./dist/image-shoal.js'],
};
writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
console.log(`image-shoal ${version} is in ${folder}`);
