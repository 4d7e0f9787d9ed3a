// Storage quota of the page.

/** Limits the page's origin to this many bytes, which the browser itself enforces. */
export async function limitStorage(page, quotaSize) {
  const client = await page.context().newCDPSession(page);
  await client.send('Storage.overrideQuotaForOrigin', { origin: new URL(page.url()).origin, quotaSize });
}
