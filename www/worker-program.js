// Choice between the two builds of the worker program: with relaxed SIMD and without.

// A module with one instruction of relaxed SIMD (i8x16.relaxed_swizzle), which validates only where that is supported.
const RELAXED_SIMD_PROBE = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15,
  253, 128, 2, 11,
);

/** The name of the build that this browser supports. */
export const workerProgram = () => (WebAssembly.validate(RELAXED_SIMD_PROBE) ? 'worker_relaxed' : 'worker');
