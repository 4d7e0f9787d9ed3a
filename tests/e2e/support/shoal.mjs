// Calls of the element's members from a test.

/** Calls a member of the element with JSON values. A rejection is an error with the code and the message. */
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

/** Waits until there is a result of `count` images (any number by default) and no operation is in progress. */
export async function settled(page, count) {
  const done = (count) => {
    const { result: latest, shadowRoot } = document.querySelector('image-shoal');
    const isComplete = latest && (count === undefined || latest.items.length === count);
    // The parts below the result are rendered last.
    return isComplete && !shadowRoot.querySelector('progress') && shadowRoot.querySelector('.about, .memory');
  };
  await page.waitForFunction(done, count, { timeout: 120_000 });
  return result(page);
}

/** The images' clusters by path, the part of a result that must be equal from run to run. */
export const clustersByPath = ({ items }) => Object.fromEntries(items.map(({ path, cluster }) => [path, cluster]));

/** The card of a cluster. */
export const card = (page, id) => page.locator(`article.card[data-cluster="${id}"]`);

/** Selects one image of a grid. */
export const selectOne = (option) => option.click({ modifiers: ['ControlOrMeta'] });

/** Opens a menu and clicks one of its items. */
export async function choose(within, menu, choice) {
  await within.getByRole('button', { name: menu }).click();
  await within.getByRole('menuitem', { name: choice, exact: true }).click();
}
