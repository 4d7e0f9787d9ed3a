// How much memory the browser's pages have taken.

import { readFile } from 'node:fs/promises';

/** The most memory that each process which runs pages had resident, added up, in bytes; null where it is not Linux. */
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
