// Real drops of files and folders, through the DevTools protocol: a script in the page could only imitate them.

/** Drops files and folders, given by absolute paths, onto the middle of the first match of `selector`. */
export async function dropPaths(page, paths, selector = 'image-shoal') {
  const box = await page.locator(selector).first().boundingBox();
  const client = await page.context().newCDPSession(page);
  const at = { x: box.x + box.width / 2, y: box.y + Math.min(box.height, 400) / 2 };
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop']) {
    await client.send('Input.dispatchDragEvent', { type, ...at, data });
  }
  await client.detach();
}

/** Like dropPaths, but passes the drop to the public `add` and resolves with its result. */
export async function addPaths(page, paths) {
  const added = await startAdding(page, paths);
  return added();
}

/** Starts `add`; resolves with a function that waits for its result. */
export async function startAdding(page, paths) {
  await page.evaluate(() => {
    const shoal = document.querySelector('image-shoal');
    globalThis.added = new Promise((resolve, reject) => {
      addEventListener('drop', (event) => {
        event.preventDefault();
        event.stopImmediatePropagation();
        shoal.add(event.dataTransfer).then(resolve, reject);
      }, { capture: true, once: true });
    });
    globalThis.added.catch(() => {});
  });
  await dropPaths(page, paths);
  return () => page.evaluate(() => globalThis.added);
}
