// What a machine may lack: other browsers, programs, and files outside of the repository. A check that needs it is skipped
// there. If SHOAL_NO_SKIP is 1, as .ci/run sets it, a missing browser or program makes the check fail; the files are not part
// of a clone and may always be missing.

import assert from 'node:assert/strict';

const MUST_NOT_SKIP = process.env.SHOAL_NO_SKIP === '1';

function failIfRequired(what) {
  if (MUST_NOT_SKIP) assert.fail(`${what} is missing, and SHOAL_NO_SKIP=1 allows no test to be skipped`);
}

/** Whether the test `t` can make a check that needs `what`. Notes a missing requirement in the test's output. */
export function isAvailable(t, isPresent, what) {
  if (isPresent) return true;
  failIfRequired(what);
  t.diagnostic(`not checked, because ${what} is missing`);
  return false;
}

/** Whether the test `t`, which needs `what` for everything, can run. Marks it as skipped otherwise. */
export function canRun(t, isPresent, what) {
  if (isPresent) return true;
  failIfRequired(what);
  t.skip(`${what} is missing`);
  return false;
}

/** Whether the test `t`, which needs the file or folder `name` of SHOAL_SHARED for everything, can run. */
export function hasShared(t, isPresent, name) {
  if (!isPresent) t.skip(`${name} in SHOAL_SHARED is missing`);
  return isPresent;
}
