// Import cycles between the modules of each crate: prints them, and fails if there is one: import-cycles.mjs
//
// An import connects the two siblings below the common parent of the importing and the imported module. A parent and its
// descendants may import each other: a parent declares and re-exports its children. Names that a module re-exports count as
// imports from where they are defined. Tests are left out.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = dirname(dirname(fileURLToPath(import.meta.url)));

/** The crates: name, and modules by path (`""` is the root) with their source. Each binary is a crate of its own. */
function crates() {
  const folders = ['src', ...readdirSync(join(REPOSITORY, 'crates')).map((name) => `crates/${name}/src`)];
  return folders.filter((folder) => existsSync(join(REPOSITORY, folder))).flatMap((folder) => {
    const files = readdirSync(join(REPOSITORY, folder), { recursive: true })
      .map((file) => file.replaceAll('\\', '/'))
      .filter((file) => file.endsWith('.rs') && file !== 'main.rs' && !/(^|\/)tests(\.rs|\/)/.test(file));
    const isBinary = (file) => file.startsWith('bin/');
    const binaries = new Map();
    for (const file of files.filter(isBinary)) {
      const [, name] = /^bin\/([^/.]+)/.exec(file);
      binaries.set(name, [...(binaries.get(name) ?? []), file]);
    }
    const library = { name: folder, modules: modules(folder, '', files.filter((file) => !isBinary(file))) };
    const programs = [...binaries].map(([name, files]) => ({
      name: `${folder}/bin/${name}`,
      modules: modules(folder, `bin/${name}/`, files),
    }));
    return [library, ...programs];
  });
}

function modules(folder, prefix, files) {
  return new Map(files.map((file) => {
    const inside = file.startsWith(prefix) ? file.slice(prefix.length) : 'main.rs';
    const path = inside.replace(/\.rs$/, '').replace(/(^|\/)mod$/, '').replace(/^(lib|main)$/, '');
    const full = join(REPOSITORY, folder, file);
    return [path.split('/').join('::'), { file: relative(REPOSITORY, full), ...parse(readFileSync(full, 'utf8')) }];
  }));
}

/** The imports of a file, as `{ path, name, line }`: `name` is what the path is bound to, `null` where it is only used. */
function parse(source) {
  const code = withoutTests(withoutText(source));
  const imports = [];
  const lineOf = (index) => code.slice(0, index).split('\n').length;
  const rest = code.replace(/(?<![\w:])use\s+([^;]+);/g, (statement, tree, index) => {
    for (const { path, name } of branches(tree.replace(/\s+/g, ' ').trim(), [])) {
      imports.push({ path, name, line: lineOf(index) });
    }
    return statement.replace(/[^\n]/g, ' ');
  });
  for (const used of rest.matchAll(/(?<![\w$:])(crate|super)(\s*::\s*\w+)+/g)) {
    imports.push({ path: used[0].split('::').map((part) => part.trim()), name: null, line: lineOf(used.index) });
  }
  return { imports };
}

/** Blanks comments, strings and characters, line breaks apart. */
function withoutText(source) {
  const text = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|\bb?r(#*)"[\s\S]*?"\1|"(?:\\[\s\S]|[^"\\])*"|'(?:\\[^']+|[^'\\\n])'/g;
  return source.replace(text, (found) => found.replace(/[^\n]/g, ' '));
}

/** Blanks `#[cfg(test)]` modules, line breaks apart. */
function withoutTests(code) {
  for (let found; (found = /#\[cfg\([^\]]*\btest\b[^\]]*\]\s*(?:pub\s+)?mod\s+\w+\s*[{;]/.exec(code)); ) {
    let end = found.index + found[0].length;
    for (let depth = found[0].endsWith('{') ? 1 : 0; depth > 0 && end < code.length; end++) {
      depth += { '{': 1, '}': -1 }[code[end]] ?? 0;
    }
    code = code.slice(0, found.index) + code.slice(found.index, end).replace(/[^\n]/g, ' ') + code.slice(end);
  }
  return code;
}

/** The paths of a `use` tree. */
function branches(tree, prefix) {
  const brace = tree.indexOf('{');
  if (brace >= 0) {
    const start = tree.slice(0, brace).split('::').map((part) => part.trim()).filter(Boolean);
    const inner = tree.slice(brace + 1, tree.lastIndexOf('}'));
    return split(inner).flatMap((branch) => branches(branch, [...prefix, ...start]));
  }
  const [written, alias] = tree.split(' as ').map((part) => part.trim());
  const path = [...prefix, ...written.split('::').map((part) => part.trim())];
  if (path.at(-1) === 'self') {
    path.pop();
  }
  return [{ path, name: alias ?? path.at(-1) }];
}

/** The parts of a list at its commas, those within braces apart. */
function split(list) {
  const parts = [''];
  let depth = 0;
  for (const letter of list) {
    depth += { '{': 1, '}': -1 }[letter] ?? 0;
    if (letter === ',' && depth === 0) {
      parts.push('');
    } else {
      parts[parts.length - 1] += letter;
    }
  }
  return parts.map((part) => part.trim()).filter(Boolean);
}

/** The path of an import from the crate's root, or `null` for another crate's. */
function absolute(modules, from, [first, ...rest]) {
  const base = from ? from.split('::') : [];
  if (first === 'crate') {
    return rest;
  }
  if (first === 'self') {
    return [...base, ...rest];
  }
  if (first === 'super') {
    const parent = base.slice(0, -1);
    return rest[0] === 'super' ? absolute(modules, parent.join('::'), rest) : [...parent, ...rest];
  }
  return modules.has([...base, first].join('::')) ? [...base, first, ...rest] : null;
}

/** The module that defines what is imported. */
function definedIn(modules, path, seen = new Set()) {
  let depth = path.length;
  while (depth > 0 && !modules.has(path.slice(0, depth).join('::'))) {
    depth--;
  }
  const module = path.slice(0, depth).join('::');
  const [item, ...rest] = path.slice(depth);
  const key = `${module} ${item}`;
  if (item === undefined || seen.has(key)) {
    return module;
  }
  seen.add(key);
  const source = modules.get(module)?.imports.find(({ name }) => name === item);
  const target = source && absolute(modules, module, source.path);
  return target ? definedIn(modules, [...target, ...rest], seen) : module;
}

/** The imports between siblings, by their parent: `from` and `to` to where that is written. */
function siblingImports({ modules }) {
  const graphs = new Map();
  for (const [from, { file, imports }] of modules) {
    for (const { path, line } of imports) {
      const target = absolute(modules, from, path);
      const to = target && definedIn(modules, target);
      if (to === null) {
        continue;
      }
      const [ours, theirs] = [from, to].map((module) => module.split('::'));
      const shared = ours.findIndex((name, index) => name !== theirs[index]);
      if (shared < 0 || shared >= theirs.length || !to || !from) {
        continue;
      }
      const parent = ours.slice(0, shared).join('::');
      const graph = graphs.get(parent) ?? new Map();
      const edges = graph.get(ours[shared]) ?? new Map();
      edges.set(theirs[shared], [...(edges.get(theirs[shared]) ?? []), `${file}:${line}: ${path.join('::')}`]);
      graphs.set(parent, graph.set(ours[shared], edges));
    }
  }
  return graphs;
}

/** The shortest path from a node back to itself, or `null`. */
function shortestCycle(graph, start) {
  const queue = [[start]];
  const seen = new Set();
  for (const path of queue) {
    for (const next of (graph.get(path.at(-1)) ?? new Map()).keys()) {
      if (next === start) {
        return [...path, start];
      }
      if (!seen.has(next)) {
        seen.add(next);
        queue.push([...path, next]);
      }
    }
  }
  return null;
}

let count = 0;
for (const crate of crates()) {
  for (const [parent, graph] of siblingImports(crate)) {
    const found = new Set();
    for (const node of [...graph.keys()].sort()) {
      const cycle = shortestCycle(graph, node);
      const key = cycle && [...new Set(cycle)].sort().join(' ');
      if (!cycle || found.has(key)) {
        continue;
      }
      found.add(key);
      count++;
      console.log(`${crate.name}${parent && `, ${parent}`}: ${cycle.join(' -> ')}`);
      for (let index = 1; index < cycle.length; index++) {
        for (const place of new Set(graph.get(cycle[index - 1]).get(cycle[index]))) {
          console.log(`    ${place}`);
        }
      }
    }
  }
}
console.log(count === 0 ? 'no import cycles' : `${count} import cycles`);
process.exit(count === 0 ? 0 : 1);
