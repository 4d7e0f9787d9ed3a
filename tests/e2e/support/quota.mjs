// How much the browser lets a page store.

/** Lets the page's origin store this many bytes in all: what does not fit is refused by the browser itself. */
export async function limitStorage(page, quotaSize) {
  const client = await page.context().newCDPSession(page);
  await client.send('Storage.overrideQuotaForOrigin', { origin: new URL(page.url()).origin, quotaSize });
}
