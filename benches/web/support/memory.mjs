// Memory of the browser's pages.

import { readFile } from 'node:fs/promises';

/** The sum of the peak resident memory of all renderer processes, in bytes; null except on Linux. */
export async function peakPageBytes(page) {
  if (process.platform !== 'linux') return null;
  const session = await page.context().browser().newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const peaks = processInfo.filter(({ type }) => type === 'renderer').map(async ({ id }) => {
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${id}/status`, 'utf8'));
    return Number(kibibytes) * 1024;
  });
  return (await Promise.all(peaks)).reduce((sum, bytes) => sum + bytes, 0);
}
