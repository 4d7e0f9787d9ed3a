// Checks the links in documents that lead to files and headings of this repository: check-links.mjs. Links to other sites are
// not followed.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const documents = execFileSync('git', ['ls-files', '-z', '*.md'], { encoding: 'utf8' }).split('\0')
  .filter((path) => path && existsSync(path));

/** The text without code, in which brackets are no links. */
const prose = (path) => readFileSync(path, 'utf8').replace(/^(```|~~~)[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, 'code');

/** The names of a document's headings as GitHub makes them. A heading that occurs again gets a number. */
function anchors(path) {
  const found = new Map();
  for (const [, heading] of readFileSync(path, 'utf8').replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ +(.+?) *#*$/gm)) {
    const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
    const name = text.toLowerCase().replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '').replaceAll(' ', '-');
    found.set(name, (found.get(name) ?? 0) + 1);
  }
  return new Set([...found].flatMap(([name, count]) => [
    name, ...Array.from({ length: count - 1 }, (_, index) => `${name}-${index + 1}`),
  ]));
}

const broken = documents.flatMap((path) => {
  const text = prose(path);
  const targets = [
    ...text.matchAll(/\]\(\s*<?([^\s()<>]+)>?(?:\s+"[^"]*")?\s*\)/g), ...text.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm),
    ...text.matchAll(/<(?:a|img|source)[^>]+(?:href|src)="([^"]+)"/g),
  ].map(([, target]) => target);
  return targets.filter((target) => !/^[a-z]+:/i.test(target)).filter((target) => {
    const [file, anchor] = target.split('#');
    const linked = file ? normalize(join(dirname(path), decodeURIComponent(file))) : path;
    if (!existsSync(linked)) return true;
    return anchor && linked.endsWith('.md') && !anchors(linked).has(decodeURIComponent(anchor));
  }).map((target) => `${path}: ${target}`);
});
for (const line of broken) console.error(`broken link in ${line}`);
process.exitCode = broken.length === 0 ? 0 : 1;
