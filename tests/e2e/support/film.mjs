// Film of the page for the README: screenshots that sharp (libvips) joins to an animated WebP.

import sharp from 'sharp';

/** The width of the film. */
const WIDTH_PX = 880;

/** Draws the pointer, which screenshots leave out. Runs in the page. */
function showPointer() {
  const pointer = document.createElement('div');
  Object.assign(pointer.style, {
    position: 'fixed', zIndex: '99', width: '18px', height: '18px', margin: '-9px 0 0 -9px', borderRadius: '50%',
    background: 'rgb(255 190 0 / 0.75)', boxShadow: '0 0 0 2px rgb(0 0 0 / 0.6)', pointerEvents: 'none', left: '-99px',
  });
  const follow = ({ clientX, clientY }) => Object.assign(pointer.style, { left: `${clientX}px`, top: `${clientY}px` });
  for (const type of ['pointermove', 'dragover']) addEventListener(type, follow, { capture: true });
  document.body.append(pointer);
}

export class Film {
  #page;
  #frames = [];

  /** Starts a film of this page. */
  static async of(page) {
    await page.evaluate(showPointer);
    const film = new Film();
    film.#page = page;
    return film;
  }

  /** Takes a frame that is shown for `shownMs`. */
  async take(shownMs) {
    this.#frames.push({ png: await this.#page.screenshot(), shownMs });
  }

  /** Takes frames that are shown for `everyMs` each, until `done` resolves. */
  async takeUntil(done, everyMs) {
    let isDone = false;
    const ended = done.finally(() => { isDone = true; });
    // The caller gets the rejection from the promise that is returned.
    ended.catch(() => {});
    while (!isDone) {
      await this.take(everyMs);
      await this.#page.waitForTimeout(everyMs / 2);
    }
    return ended;
  }

  /** Moves the pointer over the element, in a few frames. */
  async pointAt(locator) {
    await locator.scrollIntoViewIfNeeded();
    const box = await locator.boundingBox();
    await this.moveTo(box.x + box.width / 2, box.y + box.height / 2);
  }

  /** Moves the pointer to a position in the window. */
  async moveTo(x, y) {
    await this.#page.mouse.move(x, y, { steps: 4 });
    await this.take(500);
  }

  /** Moves there and clicks, and shows the effect for `shownMs`. */
  async click(locator, shownMs) {
    await this.pointAt(locator);
    await this.#page.mouse.down();
    await this.#page.mouse.up();
    await this.#page.waitForTimeout(250);
    await this.take(shownMs);
  }

  /** Writes the film as an animated WebP and returns its number of frames. */
  async write(path) {
    const shrink = ({ png }) => sharp(png).resize({ width: WIDTH_PX }).png().toBuffer();
    const frames = await Promise.all(this.#frames.map(shrink));
    const delay = this.#frames.map(({ shownMs }) => shownMs);
    await sharp(frames, { join: { animated: true } }).webp({ quality: 70, effort: 5, delay, loop: 0 }).toFile(path);
    return frames.length;
  }
}
