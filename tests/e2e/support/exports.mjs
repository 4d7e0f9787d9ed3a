// Exports of the element: zips as files, and folders in the browser's own file system (OPFS).

import { makeFolder } from './pictures.mjs';
import { readZip } from './zip.mjs';

/** Calls an export that resolves with a blob, and saves it as a file. Resolves with the file's path. */
export async function exportTo(t, page, name, member, ...values) {
  const download = page.waitForEvent('download');
  const { rejected } = await page.evaluate(async ({ name, member, values }) => {
    try {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(await document.querySelector('image-shoal')[member](...values));
      link.download = name;
      link.click();
      return {};
    } catch ({ code, message }) {
      return { rejected: { code, message } };
    }
  }, { name, member, values });
  if (rejected) {
    download.catch(() => {});
    throw Object.assign(new Error(rejected.message), rejected);
  }
  const path = `${makeFolder(t, 'exported')}/${name}`;
  await (await download).saveAs(path);
  return path;
}

/** Exports a zip and reads it: a Map of names to bytes. */
export const exportedFiles = async (t, page, member, options) => (
  readZip(await exportTo(t, page, 'shoal.zip', member, options))
);

/** All files in the OPFS folder `name`: `{ path: { size, text } }`. */
export const opfsFiles = (page, name) => page.evaluate(async (name) => {
  const found = {};
  const walk = async (folder, path) => {
    for await (const [name, handle] of folder.entries()) {
      if (handle.kind === 'directory') {
        await walk(handle, `${path}${name}/`);
      } else {
        const file = await handle.getFile();
        found[path + name] = { size: file.size, text: file.size < 4000 ? await file.text() : '' };
      }
    }
  };
  const root = await navigator.storage.getDirectory();
  await walk(await root.getDirectoryHandle(name, { create: true }), '');
  return found;
}, name);

/** Calls exportFolder with the OPFS folder `name`. Resolves with `{ code }` if that rejects. */
export const exportFolder = (page, name, options) => page.evaluate(async ({ name, options }) => {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle(name, { create: true });
  return document.querySelector('image-shoal').exportFolder(folder, options).catch(({ code }) => ({ code }));
}, { name, options });
