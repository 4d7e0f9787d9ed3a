// Programs that users open zips with.

import { execFileSync } from 'node:child_process';

import { isAvailable } from './requirements.mjs';

/** Runs a program for the test `t` and returns its output, or null if it is not installed. Throws if it fails. */
export function runIfInstalled(t, program, args) {
  try {
    return execFileSync(program, args, { encoding: 'utf8' });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    isAvailable(t, false, program);
    return null;
  }
}
