// A lane's loader. What escapes the program ends it: the page is told and starts another.

const BUILD_QUERY = '?v=__BUILD_ID__';
// A program of one instruction of relaxed SIMD (i8x16.relaxed_swizzle), to ask the engine whether it knows them.
const RELAXED_SIMD_PROBE = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15,
  253, 128, 2, 11,
);

const crashed = (reason) => self.postMessage({ crashed: String(reason?.message ?? reason) });
self.addEventListener('error', (event) => {
  event.preventDefault();
  crashed(event.error ?? event.message);
});
self.addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  crashed(event.reason);
});

// `simd=plain` in this file's address is for measuring the one against the other.
const plain = new URL(import.meta.url).searchParams.get('simd') === 'plain';
const program = !plain && WebAssembly.validate(RELAXED_SIMD_PROBE) ? 'lane_relaxed' : 'lane';
const { default: init } = await import(new URL(`${program}.js${BUILD_QUERY}`, import.meta.url).href);
await init({ module_or_path: new URL(`${program}_bg.wasm${BUILD_QUERY}`, import.meta.url) });
