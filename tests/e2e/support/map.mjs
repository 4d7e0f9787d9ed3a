// Positions of images on the maps, computed independently of the program, in CSS pixels from the page's top left.

const MARGIN_PX = 8;
const LEFT_PX = 57;
const BOTTOM_PX = 38;
const PADDING = 0.04;

const bounds = (values) => [Math.min(...values), Math.max(...values)];

/** Scrolls to a map, `.flat` or `.space`, and returns its bounding box. */
export async function mapBox(page, map) {
  await page.locator(map).scrollIntoViewIfNeeded();
  return page.locator(`${map} canvas[role=img]`).boundingBox();
}

/** The 2D map's plotting area and the positions of all images: `{ left, right, top, bottom, places: [{ path, x, y }] }`. */
export async function flatMap(page, { items }) {
  const box = await mapBox(page, '.flat');
  const [left, right] = [box.x + MARGIN_PX + LEFT_PX, box.x + box.width - MARGIN_PX - 1];
  const [top, bottom] = [box.y + MARGIN_PX, box.y + box.height - MARGIN_PX - BOTTOM_PX - 1];
  const [xs, ys] = [bounds(items.map(({ pca }) => pca[0])), bounds(items.map(({ pca }) => pca[1]))];
  const perPx = Math.max((xs[1] - xs[0]) / (right - left), (ys[1] - ys[0]) / (bottom - top)) * (1 + 2 * PADDING);
  const places = items.map(({ path, pca }) => ({
    path,
    x: (left + right) / 2 + (pca[0] - (xs[0] + xs[1]) / 2) / perPx,
    y: (top + bottom) / 2 - (pca[1] - (ys[0] + ys[1]) / 2) / perPx,
  }));
  return { left, right, top, bottom, places };
}

/** The positions of all images on the 3D map in its initial orientation. */
export async function spaceMap(page, { items }) {
  const box = await mapBox(page, '.space');
  const axes = [0, 1, 2].map((axis) => bounds(items.map(({ pca }) => pca[axis])));
  const half = Math.max(...axes.map(([low, high]) => (high - low) / 2));
  const unitPx = (Math.min(box.width, box.height) / 2 - MARGIN_PX) / Math.sqrt(3);
  const [yaw, pitch] = [0.6, 0.4];
  return items.map(({ path, pca }) => {
    const [x, y, z] = pca.map((value, axis) => (value - (axes[axis][0] + axes[axis][1]) / 2) / half);
    const right = x * Math.cos(yaw) - y * Math.sin(yaw);
    const back = x * Math.sin(yaw) + y * Math.cos(yaw);
    const up = z * Math.cos(pitch) + back * Math.sin(pitch);
    return { path, x: box.x + box.width / 2 + right * unitPx, y: box.y + box.height / 2 - up * unitPx };
  });
}

/** The positions more than 10 px away from every other one, the most remote first. */
export function isolated(places) {
  const remoteness = ({ path, x, y }) => Math.min(
    ...places.filter((other) => other.path !== path).map((other) => Math.hypot(other.x - x, other.y - y)),
  );
  const found = places.map((place) => ({ ...place, remoteness: remoteness(place) }));
  return found.filter(({ remoteness: px }) => px > 10).sort((one, other) => other.remoteness - one.remoteness);
}
