// Contents of the browser's storage, read independently of the program.

/** The names of the origin's databases. */
export const databases = (page) => page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));

/** What is stored: `{ features, bytes, head, pictures }`, that is the number of features, their bytes, and the session. */
export const stored = (page) => page.evaluate(async () => {
  const names = (await indexedDB.databases()).map(({ name }) => name);
  if (!names.includes('shoal')) return { features: 0, bytes: 0, head: null, pictures: [] };
  const resolved = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const opening = indexedDB.open('shoal');
  // It was deleted in the meantime, and must not be created here.
  opening.onupgradeneeded = () => opening.transaction.abort();
  const database = await resolved(opening).catch(() => null);
  if (!database) return { features: 0, bytes: 0, head: null, pictures: [] };
  try {
    // All in one transaction: a write between two reads would pair a key with another record.
    const transaction = database.transaction(['session', 'features']);
    const [session, rows] = ['session', 'features'].map((name) => transaction.objectStore(name));
    const [keys, records, features] = await Promise.all(
      [session.getAllKeys(), session.getAll(), rows.getAll()].map(resolved));
    const record = (name) => records[keys.indexOf(name)] ?? null;
    const pictures = keys.filter((key) => key.startsWith('pictures/')).flatMap((key) => JSON.parse(record(key)));
    const bytes = features.reduce((sum, one) => sum + one.features.byteLength + (one.thumbnail?.length ?? 0), 0);
    return { features: features.length, bytes, head: record('head'), pictures: pictures.map(({ path }) => path) };
  } finally {
    database.close();
  }
});

/** Waits until `check`, which is called in the test, returns true for what is stored. */
export async function waitForStored(page, check) {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = await stored(page);
    if (check(found)) return found;
    await page.waitForTimeout(100);
  }
  throw new Error(`this was never stored: ${JSON.stringify(await stored(page)).slice(0, 600)}`);
}
