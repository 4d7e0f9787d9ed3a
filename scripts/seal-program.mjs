// Ties a program's module to its WebAssembly, and both to a build: seal-program.mjs FOLDER NAME, for NAME.js and NAME_bg.wasm.
//
// The WebAssembly gets a custom section with an id, which the module knows. The module exports `startProgram(response)`, which
// starts the WebAssembly unless it is another's, and its address, which contains the hash of its bytes. It refuses to load under
// the address of another build: a static server ignores the query of an address, and answers with the files it has.

import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, name] = process.argv.slice(2);
if (!name) throw new Error('usage: seal-program.mjs FOLDER NAME');

const SECTION = 'shoal-program';
const hashOf = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 12);

/** A name or a number of bytes below 128, as WebAssembly writes it. */
const text = (value) => Buffer.concat([Buffer.of(value.length), Buffer.from(value)]);

const file = join(folder, `${name}_bg.wasm`);
const program = readFileSync(file);
const id = hashOf(program);
const content = Buffer.concat([text(SECTION), Buffer.from(id)]);
const sealed = Buffer.concat([program, Buffer.of(0, content.length), content]);
writeFileSync(file, sealed);

// The GPU program may be added to a site whose list of addresses is written already (stamp.mjs).
const version = name === 'gpu' ? '__BUILD_ID__' : hashOf(sealed);
appendFileSync(join(folder, `${name}.js`), `
const UPDATED = 'this site has been updated: reload the page';
if (!['__BUILD_ID__', null].includes(new URL(import.meta.url).searchParams.get('v'))) throw new Error(UPDATED);

/** The address of the WebAssembly, beside this module. */
export const wasmAddress = '${name}_bg.wasm?v=${version}';

/** Starts the WebAssembly in a response to a request for \`wasmAddress\`. Returns its exports. */
export async function startProgram(response) {
    const isStreamed = response.headers.get('content-type')?.startsWith('application/wasm');
    const module = isStreamed ? await WebAssembly.compileStreaming(response) : await WebAssembly.compile(await response.arrayBuffer());
    const ids = WebAssembly.Module.customSections(module, '${SECTION}').map((section) => new TextDecoder().decode(section));
    if (ids[0] !== '${id}') throw new Error(UPDATED);
    return __wbg_init({ module_or_path: module });
}
`);
