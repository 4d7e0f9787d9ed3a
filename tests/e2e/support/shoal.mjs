// The element's members, called from the test.

/** Calls a member of the element with values that JSON can carry. A rejection comes as `{ code, message }`. */
export async function call(page, member, ...values) {
  const { rejected, value } = await page.evaluate(async ({ member, values }) => {
    try {
      return { value: await document.querySelector('image-shoal')[member](...values) };
    } catch (error) {
      return { rejected: { code: error.code, message: error.message } };
    }
  }, { member, values });
  if (rejected) throw Object.assign(new Error(rejected.message), rejected);
  return value;
}

export const cluster = (page, options) => call(page, 'cluster', options);

/** The latest result, or null. */
export const result = (page) => page.evaluate(() => document.querySelector('image-shoal').result);

/** Waits until there is a result of `count` pictures (of any number, when none is given) and nothing is under way. */
export async function settled(page, count) {
  const done = (count) => {
    const { result: latest, shadowRoot } = document.querySelector('image-shoal');
    const right = latest && (count === undefined || latest.items.length === count);
    // What stands below a result is made last.
    return right && !shadowRoot.querySelector('progress') && shadowRoot.querySelector('.about, .memory');
  };
  await page.waitForFunction(done, count, { timeout: 120_000 });
  return result(page);
}

/** The pictures' clusters by path, which is all that must be equal from run to run. */
export const clustersByPath = ({ items }) => Object.fromEntries(items.map(({ path, cluster }) => [path, cluster]));

/** Opens a menu of the page and takes one of its choices. */
export async function choose(within, menu, choice) {
  await within.getByRole('button', { name: menu }).click();
  await within.getByRole('menuitem', { name: choice, exact: true }).click();
}
