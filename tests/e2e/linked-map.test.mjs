// The maps and the images are linked: hovering, selecting, zooming and panning.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openPage } from './support/browser.mjs';
import { featuresFile, importFeatures, madeUpRows, openImported } from './support/imported.mjs';
import { isolated, flatMap, mapBox, spaceMap } from './support/map.mjs';
import { choose, cluster, result } from './support/shoal.mjs';

async function openMap(t, context = {}) {
  const { page } = await openImported(t, { context: { viewport: { width: 1280, height: 1000 }, ...context } });
  await cluster(page, { k: 6 });
  const latest = await result(page);
  return { page, latest, map: await flatMap(page, latest) };
}

/** The images that the page shows as selected, and the number that it states. */
async function selection(page) {
  const words = page.getByRole('region', { name: 'Selection' }).getByText(/^\d+ pictures? selected$/);
  if (await words.count() === 0) return { count: 0, paths: [] };
  const pictures = page.getByRole('list', { name: 'Selected pictures' }).getByRole('img');
  const paths = await pictures.evaluateAll((images) => images.map(({ alt }) => alt));
  return { count: Number.parseInt(await words.textContent(), 10), paths };
}

async function assertSelected(page, paths) {
  await page.waitForFunction((count) => {
    const { shadowRoot } = document.querySelector('image-shoal');
    const stated = shadowRoot.querySelector('.selection strong')?.textContent ?? '0';
    return Number.parseInt(stated, 10) === count;
  }, paths.length, { timeout: 5000 }).catch(() => {});
  assert.deepEqual(await selection(page), { count: paths.length, paths: [...paths].sort().slice(0, 24) });
}

/** The name, cluster and thumbnail of the image that the map shows next to a point, or null. */
async function shownCard(page) {
  await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));
  const card = page.locator('.card-at-point');
  if (await card.count() === 0) return null;
  const [name, group] = (await card.innerText()).split('\n');
  return { name, group, url: await card.locator('img').getAttribute('src') };
}

async function assertShown(page, latest, path) {
  const item = latest.items.find((item) => item.path === path);
  const group = latest.clusters.find(({ id }) => id === item.cluster);
  const button = page.locator('[part=groups]').getByRole('button', { name: path, exact: true });
  const url = await button.locator('img').getAttribute('src');
  assert.deepEqual(await shownCard(page), { name: path.split('/').at(-1), group: `in ${group.name}`, url });
}

async function drag(page, places, { button } = {}) {
  const [from, ...others] = places;
  await page.mouse.move(from.x, from.y);
  await page.mouse.down({ button });
  for (const { x, y } of others) await page.mouse.move(x, y, { steps: 5 });
  await page.mouse.up({ button });
}

async function turnWheel(page, { x, y }, times) {
  await page.mouse.move(x, y);
  await page.keyboard.down('Control');
  for (let time = 0; time < times; time += 1) await page.mouse.wheel(0, -100);
  await page.keyboard.up('Control');
}

/** The middle of the widest gap between values. */
function widestGap(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const gaps = sorted.slice(1).map((value, place) => ({ px: value - sorted[place], middle: (value + sorted[place]) / 2 }));
  return gaps.sort((one, other) => other.px - one.px)[0].middle;
}

test('hovering over a point shows its image, and a click selects it', async (t) => {
  const { page, latest, map } = await openMap(t);
  const [one, two, three] = isolated(map.places);
  for (const { path, x, y } of [one, two, three]) {
    await page.mouse.move(x, y);
    await assertShown(page, latest, path);
  }
  await page.mouse.move((map.left + map.right) / 2, map.bottom + 30);
  assert.equal(await shownCard(page), null);
  await assertSelected(page, []);

  await page.mouse.click(one.x, one.y);
  await assertSelected(page, [one.path]);
  await page.mouse.click(two.x, two.y);
  await assertSelected(page, [two.path]);
  await page.keyboard.down('Control');
  await page.mouse.click(one.x, one.y);
  await page.mouse.click(three.x, three.y);
  await assertSelected(page, [one.path, two.path, three.path]);
  await page.mouse.click(one.x, one.y);
  await page.keyboard.up('Control');
  await assertSelected(page, [two.path, three.path]);
  await page.getByRole('button', { name: 'Select none' }).click();
  await assertSelected(page, []);
});

test('a box and a lasso select the images inside, which can then be moved', async (t) => {
  const { page, latest, map } = await openMap(t);
  const middle = widestGap(map.places.map(({ x }) => x));
  const inBox = map.places.filter(({ x }) => x < middle).map(({ path }) => path);
  assert.ok(inBox.length > 0 && inBox.length < 60);
  await drag(page, [{ x: map.left + 1, y: map.top + 1 }, { x: middle, y: map.bottom - 1 }]);
  await assertSelected(page, inBox);

  // A counterclockwise triangle: a point is inside if it is to the left of every edge.
  const [a, b, c] = [
    { x: map.left + 2, y: map.bottom - 2 }, { x: map.right - 2, y: map.bottom - 3 }, { x: map.right - 3, y: map.top + 2 },
  ];
  const side = (from, to, at) => (to.x - from.x) * (at.y - from.y) - (to.y - from.y) * (at.x - from.x);
  const depth = (at) => Math.min(...[[a, b], [b, c], [c, a]].map(([from, to]) => (
    -side(from, to, at) / Math.hypot(to.x - from.x, to.y - from.y)
  )));
  assert.ok(map.places.every((place) => Math.abs(depth(place)) > 1), 'no point is on the line');
  const inLasso = map.places.filter((place) => depth(place) > 0).map(({ path }) => path);
  assert.ok(inLasso.length > 0 && inLasso.length < 60);
  const lasso = page.getByRole('button', { name: 'Lasso' });
  await lasso.click();
  assert.equal(await lasso.getAttribute('aria-pressed'), 'true');
  await drag(page, [a, b, c]);
  await assertSelected(page, inLasso);
  await page.keyboard.down('Control');
  await drag(page, [c, { x: map.left + 1, y: map.top + 1 }, a, b, c]);
  await page.keyboard.up('Control');
  await assertSelected(page, latest.items.map(({ path }) => path));
  await lasso.click();
  await page.keyboard.down('Shift');
  await drag(page, [a, b, c]);
  await page.keyboard.up('Shift');
  await assertSelected(page, inLasso);

  await choose(page.getByRole('region', { name: 'Selection' }), 'Move to…', 'a new group');
  await page.getByRole('heading', { name: /60 pictures in/ }).waitFor();
  await page.waitForFunction(() => document.querySelector('image-shoal').result.clusters.some(({ id }) => id > 5));
  const moved = await result(page);
  const made = moved.clusters.at(-1).id;
  assert.deepEqual(moved.items.filter((item) => item.cluster === made).map(({ path }) => path), [...inLasso].sort());
  await assertSelected(page, []);
});

test('the map zooms at the pointer, pans, and fits again', async (t) => {
  const { page, latest, map } = await openMap(t);
  const [one] = isolated(map.places);
  await turnWheel(page, one, 6);
  await assertShown(page, latest, one.path);
  await page.mouse.click(one.x, one.y);
  await assertSelected(page, [one.path]);
  // A step of the wheel zooms by a factor of at most e^0.25.
  const enlarged = map.places.map(({ path, x, y }) => ({
    path, x: one.x + Math.E ** 1.5 * (x - one.x), y: one.y + Math.E ** 1.5 * (y - one.y),
  }));
  const inside = ({ x, y }) => x > map.left && x < map.right && y > map.top && y < map.bottom;
  const [other] = isolated(enlarged.filter(inside)).filter(({ path }) => path !== one.path);
  await page.mouse.click(other.x, other.y);
  await assertSelected(page, [other.path]);

  const centre = { x: (map.left + map.right) / 2, y: (map.top + map.bottom) / 2 };
  const [right, down] = [Math.sign(centre.x - one.x) * 20, Math.sign(centre.y - one.y) * 15];
  const there = { x: one.x + right, y: one.y + down };
  await page.getByRole('button', { name: 'Hand' }).click();
  const [before, after] = [centre, { x: centre.x + right, y: centre.y + down }];
  await drag(page, [before, after]);
  await page.getByRole('button', { name: 'Hand' }).click();
  await page.mouse.move(there.x, there.y);
  await assertShown(page, latest, one.path);
  await drag(page, [after, before], { button: 'middle' });
  await page.mouse.move(one.x, one.y);
  await assertShown(page, latest, one.path);

  await page.getByRole('button', { name: 'Fit the map' }).click();
  for (const { path, x, y } of isolated(map.places).slice(0, 3)) {
    await page.mouse.click(x, y);
    await assertSelected(page, [path]);
  }
});

test('the maps work with the keyboard alone', async (t) => {
  const { page, latest, map } = await openMap(t);
  const centre = { x: (map.left + map.right) / 2, y: (map.top + map.bottom) / 2 };
  const nearest = (at) => map.places
    .map((place) => ({ ...place, px: Math.hypot(place.x - at.x, place.y - at.y) }))
    .sort((first, second) => first.px - second.px);
  const [first, second] = nearest(centre);
  assert.ok(second.px - first.px > 2, 'one point is clearly the nearest');
  await page.mouse.move(1, 1);
  await page.getByRole('application').focus();
  await page.keyboard.press('+');
  await page.keyboard.press('+');
  await assertShown(page, latest, first.path);
  await page.keyboard.press('Enter');
  await assertSelected(page, [first.path]);
  await page.keyboard.press('Escape');
  await assertSelected(page, []);

  // After zooming twice by 1.3, three pans of a tenth of the view are 0.18 of the map's width.
  for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowRight');
  const [other] = nearest({ x: centre.x + 0.3 / 1.3 ** 2 * (map.right - map.left), y: centre.y });
  await assertShown(page, latest, other.path);
  await page.keyboard.press('Enter');
  await assertSelected(page, [other.path]);
  await page.keyboard.press('0');
  await page.keyboard.press('Control+Enter');
  await assertSelected(page, [other.path, first.path]);

  await page.getByRole('button', { name: '3D' }).click();
  const { x, y, width, height } = await mapBox(page, '.space');
  const inSpace = (await spaceMap(page, latest))
    .map((place) => ({ ...place, px: Math.hypot(place.x - x - width / 2, place.y - y - height / 2) }))
    .sort((one, two) => one.px - two.px);
  await page.mouse.move(1, 1);
  await page.getByRole('application').focus();
  await page.keyboard.press('Enter');
  await assertSelected(page, [inSpace[0].path]);
});

test('two fingers zoom, and one scrolls the page unless the hand tool is active', async (t) => {
  const { page, latest, map } = await openMap(t, { hasTouch: true, viewport: { width: 360, height: 740 } });
  const client = await page.context().newCDPSession(page);
  const touch = (type, ...points) => client.send('Input.dispatchTouchEvent', {
    type, touchPoints: points.map(({ x, y }, id) => ({ x, y, id })),
  });
  const [one] = isolated(map.places);
  const fingers = (px) => [{ x: one.x - px, y: one.y }, { x: one.x + px, y: one.y }];
  await touch('touchStart', ...fingers(15));
  for (let px = 16; px <= 45; px += 1) await touch('touchMove', ...fingers(px));
  await touch('touchEnd');
  await assertSelected(page, []);
  await page.touchscreen.tap(one.x, one.y);
  await assertSelected(page, [one.path]);
  await assertShown(page, latest, one.path);
  // The map is three times as large now.
  const near = map.places.map(({ path, x, y }) => ({ path, x: one.x + 3 * (x - one.x), y: one.y + 3 * (y - one.y) }));
  const inside = ({ x, y }) => x > map.left && x < map.right && y > map.top && y < map.bottom;
  const [other] = isolated(near.filter(inside)).filter(({ path }) => path !== one.path);
  await page.touchscreen.tap(other.x, other.y);
  await assertSelected(page, [other.path]);

  const scrolled = () => page.evaluate(() => scrollY);
  const swipe = async () => {
    const [x, y] = [(map.left + map.right) / 2, (map.top + map.bottom) / 2];
    await touch('touchStart', { x, y });
    for (let px = 0; px <= 60; px += 10) await touch('touchMove', { x, y: y + px });
    await touch('touchEnd');
    await page.waitForTimeout(200);
  };
  await page.getByRole('button', { name: 'Hand' }).click();
  const before = await scrolled();
  await swipe();
  assert.equal(await scrolled(), before, 'the map is panned');
  await page.getByRole('button', { name: 'Hand' }).click();
  await swipe();
  assert.ok(await scrolled() < before, 'the page is scrolled');
});

test('the 3D map shows and selects images, too', async (t) => {
  const { page, latest } = await openMap(t);
  await page.getByRole('button', { name: '3D' }).click();
  const places = isolated(await spaceMap(page, latest));
  assert.ok(places.length >= 2);
  const [one, two] = places;
  await page.mouse.move(one.x, one.y);
  await assertShown(page, latest, one.path);
  await page.mouse.click(one.x, one.y);
  await assertSelected(page, [one.path]);
  await page.keyboard.down('Shift');
  await page.mouse.click(two.x, two.y);
  await page.mouse.click(one.x, one.y);
  await page.keyboard.up('Shift');
  await assertSelected(page, [two.path]);

  // A drag rotates the map and selects nothing.
  const { x, y, width, height } = await mapBox(page, '.space');
  await drag(page, [{ x: x + width / 2, y: y + height / 2 }, { x: x + width / 2 + 80, y: y + height / 2 + 20 }]);
  await assertSelected(page, [two.path]);
  await page.mouse.move(one.x, one.y);
  assert.notEqual((await shownCard(page))?.name, one.path.split('/').at(-1));
});

test('hovering over a selected image marks its point, and images can replace points', async (t) => {
  const { page, latest, map } = await openMap(t);
  const [one] = isolated(map.places);
  await page.mouse.click(one.x, one.y);
  await assertSelected(page, [one.path]);
  await page.mouse.move(1, 1);
  assert.equal(await page.locator('.layers .ring').count(), 0);
  await page.getByRole('list', { name: 'Selected pictures' }).getByAltText(one.path).hover();
  const ring = await page.locator('.layers .ring').boundingBox();
  // Hovering may have scrolled the page.
  const point = (await flatMap(page, latest)).places.find(({ path }) => path === one.path);
  assert.ok(Math.hypot(ring.x + ring.width / 2 - point.x, ring.y + ring.height / 2 - point.y) < 1.5);
  assert.equal(await shownCard(page), null, 'the image is already under the pointer');

  await page.getByRole('button', { name: 'Pictures', exact: true }).click();
  const { places } = await flatMap(page, latest);
  const boxes = await page.locator('.pictures img').evaluateAll((images) => images.map((image) => {
    const { x, y, width, height } = image.getBoundingClientRect();
    return { x, y, width, height, loaded: image.complete };
  }));
  assert.ok(boxes.length > 5);
  for (const [place, box] of boxes.entries()) {
    const centre = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const onPoint = places.some(({ x, y }) => Math.hypot(x - centre.x, y - centre.y) < 1.5);
    assert.ok(onPoint, 'each image is at its point');
    const overlaps = boxes.slice(0, place).some(({ x, y }) => (
      Math.abs(x - box.x) < box.width && Math.abs(y - box.y) < box.height
    ));
    assert.ok(!overlaps, 'no image covers another');
  }
});

test('thousands of points are all drawn, also after the map was panned', async (t) => {
  const { page } = await openPage(t, { attributes: { workers: '2', size: '64' } });
  const count = 2100;
  const indices = Array.from({ length: count }, (_, index) => index);
  const rows = madeUpRows(indices.map((index) => index % 6), 6);
  await importFeatures(page, featuresFile(indices.map((index) => `${index}.png`), rows));
  await cluster(page, { k: 3, restarts: 1 });
  const latest = await result(page);
  assert.equal(latest.items.length, count);
  const { places } = await flatMap(page, latest);
  const { x, y } = await mapBox(page, '.flat');

  /** The number of images without a colour of a cluster at their position, once drawing has ended. */
  const missing = async () => {
    const countMissing = () => page.locator('.flat canvas[role=img]').evaluate((canvas, points) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const coloured = ([left, top]) => {
        const at = 4 * (Math.round(top) * canvas.width + Math.round(left));
        const rgb = [...data.subarray(at, at + 3)];
        return Math.max(...rgb) - Math.min(...rgb) > 40;
      };
      return points.filter((point) => !coloured(point)).length;
    }, places.map((place) => [place.x - x, place.y - y]));
    for (let time = 0; time < 50; time += 1) {
      if (await countMissing() === 0) return 0;
      await page.waitForTimeout(100);
    }
    return countMissing();
  };
  assert.equal(await missing(), 0);
  const map = page.getByRole('application');
  await map.focus();
  await page.keyboard.press('+');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('0');
  assert.equal(await missing(), 0);
  // One box selects everything that is drawn.
  const { left, right, top, bottom } = await flatMap(page, latest);
  await drag(page, [{ x: left + 1, y: top + 1 }, { x: right - 1, y: bottom - 1 }]);
  await page.getByRole('region', { name: 'Selection' }).getByText('2100 pictures selected').waitFor();
  await page.getByText('and 2076 more').waitFor();
});

test('a click on a cluster\'s silhouettes opens the cluster', async (t) => {
  const { page, latest } = await openMap(t);
  const chart = page.locator('[part=silhouettes] canvas');
  await chart.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await chart.boundingBox();
  // Six clusters of ten: bands of equal height between the margins.
  assert.deepEqual(latest.clusters.map(({ size }) => size), Array(6).fill(10));
  const [top, bottom] = [y + 8, y + height - 8 - 38];
  const { name } = latest.clusters[3];
  await page.mouse.click(x + width / 2, top + (bottom - top) * 3.5 / 6);
  await page.getByRole('region', { name, exact: true }).waitFor();
});
