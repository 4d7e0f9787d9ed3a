// HEIC and HEIF pictures for browsers that cannot decode them: libheif, a file of its own that is fetched when the first such
// picture comes. Anyone may replace that file by another build of libheif-js.

const LIBRARY = './heif/libheif.js?v=__BUILD_ID__';
/** The most pixels of a picture, as in src/preprocess/decode.rs. */
const MAX_PIXELS = 250e6;
/** Memory of the library from which it is given up after a picture: WebAssembly's memory never shrinks. */
const MAX_KEPT_BYTES = 256 << 20;

const coded = (message, properties) => Object.assign(new Error(message), properties);

let loading;

async function load() {
  const { default: instantiate } = await import(new URL(LIBRARY, import.meta.url).href);
  return instantiate();
}

/**
 * The primary picture of a file as `ImageData`, upright by its own properties: a HEIF file is turned by these, not by its EXIF data.
 * The code of an error is `program-unreachable` if the library cannot be loaded, and `picture-too-large` beyond `MAX_PIXELS`.
 */
export async function decodeHeif(bytes) {
  loading ??= load();
  let heif;
  try {
    heif = await loading;
  } catch ({ message }) {
    loading = undefined;
    throw coded(message, { code: 'program-unreachable' });
  }
  let pictures = [];
  try {
    pictures = new heif.HeifDecoder().decode(bytes);
    return await primaryPixels(pictures);
  } catch (error) {
    // What crashed may be in any state.
    if (error instanceof WebAssembly.RuntimeError) {
      pictures = [];
      loading = undefined;
    }
    throw error;
  } finally {
    for (const picture of pictures) picture.free();
    if (heif.HEAPU8.length > MAX_KEPT_BYTES) loading = undefined;
  }
}

async function primaryPixels(pictures) {
  const picture = pictures.find((one) => one.is_primary()) ?? pictures[0];
  if (!picture) throw new Error('it has no picture');
  const [width, height] = [picture.get_width(), picture.get_height()];
  if (width * height > MAX_PIXELS) throw coded('it is too large', { code: 'picture-too-large', width, height });
  const pixels = new ImageData(width, height);
  await new Promise((resolve, reject) => {
    picture.display(pixels, (shown) => (shown ? resolve() : reject(new Error('its pixels cannot be decoded'))));
  });
  return pixels;
}
