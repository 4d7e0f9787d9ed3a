// Pictures to drop: the program's own samples, and folders made of them.

import { execFileSync } from 'node:child_process';
import {
  appendFileSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

let samples;

/** The folder of the 60 samples, one folder a kind: SHOAL_SAMPLES, or drawn once a process. */
export function sampleFolder() {
  samples ??= process.env.SHOAL_SAMPLES;
  if (!samples) {
    const home = mkdtempSync(join(tmpdir(), 'shoal-samples-'));
    process.once('exit', () => rmSync(home, { recursive: true, force: true }));
    samples = join(home, 'samples');
    execFileSync('cargo', ['run', '--quiet', '--bin', 'samples', '--', samples, '--folders'], { stdio: 'inherit' });
  }
  return samples;
}

/** The samples' absolute paths, kind by kind. */
export const sampleFiles = () => filesUnder(sampleFolder());

/** All files in a folder and its folders, in path order. */
export function filesUnder(folder) {
  return readdirSync(folder).sort().flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesUnder(path) : [path];
  });
}

/** An empty folder called `name` that is gone when the test `t` ends. */
export function makeFolder(t, name) {
  const home = mkdtempSync(join(tmpdir(), 'shoal-e2e-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const folder = join(home, name);
  mkdirSync(folder);
  return folder;
}

/** Fills a folder: `{ 'sub/name.png': bytes | absolute path of a file to copy | null for an empty folder }`. */
export function fill(folder, contents) {
  for (const [path, content] of Object.entries(contents)) {
    const target = join(folder, path);
    if (content === null) {
      mkdirSync(target, { recursive: true });
      continue;
    }
    mkdirSync(dirname(target), { recursive: true });
    if (typeof content === 'string') copyFileSync(content, target);
    else writeFileSync(target, content);
  }
  return folder;
}

/** Fills a folder with so many pictures of so many bytes, no two the same file. The zeros behind a picture's end are no part of it. */
export function fillWithLarge(folder, count, fileBytes) {
  const samples = sampleFiles();
  for (let index = 0; index < count; index += 1) {
    const path = join(folder, `${index}.jpg`);
    copyFileSync(samples[index % samples.length], path);
    appendFileSync(path, String(index));
    // Zeros that are never written need no room on disk.
    truncateSync(path, fileBytes);
  }
  return folder;
}

/** The first `share` of a file's bytes: a damaged picture. */
export function cutOff(path, share) {
  const bytes = readFileSync(path);
  return bytes.subarray(0, Math.floor(bytes.length * share));
}

/** A folder of three pictures, a text and an empty file, that is gone when the test `t` ends. */
export function mixedFolder(t) {
  const [one, two, three] = sampleFiles();
  return fill(makeFolder(t, 'mixed'), {
    'a.jpg': one,
    'b.jpg': two,
    'c.jpg': three,
    'notes.txt': Buffer.from('no picture at all'),
    'empty.jpg': Buffer.alloc(0),
  });
}

/** A folder of three copies of every sample, 180 pictures, that is gone when the test `t` ends. */
export function manyPictures(t) {
  const copies = [1, 2, 3].flatMap((copy) => sampleFiles().map((path) => [`${copy}/${basename(path)}`, path]));
  return fill(makeFolder(t, 'many'), Object.fromEntries(copies));
}
