// Programs that people open zips with, asked where they are installed.

import { execFileSync } from 'node:child_process';

/** Runs a program for the test `t`; gives what it prints, or null where it is not here. Fails where it does. */
export function runs(t, program, args) {
  try {
    return execFileSync(program, args, { encoding: 'utf8' });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    t.diagnostic(`${program} is not here, so not asked`);
    return null;
  }
}
