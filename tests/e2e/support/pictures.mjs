// Images to add: Shoal's own samples, and folders made of them.

import { execFileSync } from 'node:child_process';
import {
  appendFileSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

let samples;

/** The folder of the 60 samples, with one folder per kind: SHOAL_SAMPLES, or drawn once per process. */
export function sampleFolder() {
  samples ??= process.env.SHOAL_SAMPLES;
  if (!samples) {
    const home = mkdtempSync(join(tmpdir(), 'shoal-samples-'));
    process.once('exit', () => rmSync(home, { recursive: true, force: true }));
    samples = join(home, 'samples');
    execFileSync('cargo', ['run', '--quiet', '--example', 'draw_samples', '--', samples, '--folders'], { stdio: 'inherit' });
  }
  return samples;
}

/** The samples' absolute paths, sorted by kind. */
export const sampleFiles = () => filesUnder(sampleFolder());

/** All files in a folder, recursively, in path order. */
export function filesUnder(folder) {
  return readdirSync(folder).sort().flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesUnder(path) : [path];
  });
}

/** An empty folder called `name`, which is deleted when the test `t` ends. */
export function makeFolder(t, name) {
  const home = mkdtempSync(join(tmpdir(), 'shoal-e2e-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const folder = join(home, name);
  mkdirSync(folder);
  return folder;
}

/** Fills a folder: `{ 'sub/name.png': bytes | path of a file to copy | null for an empty folder }`. */
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

/** Fills a folder with `count` different images of `fileBytes` each. Decoders ignore the zeros after an image's end. */
export function fillWithLarge(folder, count, fileBytes) {
  const samples = sampleFiles();
  for (let index = 0; index < count; index += 1) {
    const path = join(folder, `${index}.jpg`);
    copyFileSync(samples[index % samples.length], path);
    appendFileSync(path, String(index));
    // Makes a sparse file, which takes no space on disk.
    truncateSync(path, fileBytes);
  }
  return folder;
}

/** The first `share` of a file's bytes: a damaged image. */
export function cutOff(path, share) {
  const bytes = readFileSync(path);
  return bytes.subarray(0, Math.floor(bytes.length * share));
}

/** A folder with three images, a text file and an empty file, which is deleted when the test `t` ends. */
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

/** A folder with three copies of every sample, 180 images, which is deleted when the test `t` ends. */
export function manyPictures(t) {
  const copies = [1, 2, 3].flatMap((copy) => sampleFiles().map((path) => [`${copy}/${basename(path)}`, path]));
  return fill(makeFolder(t, 'many'), Object.fromEntries(copies));
}
