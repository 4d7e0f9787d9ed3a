// Crash reports of a worker: posts every error that escapes the worker's program to the page, which then ends the worker.

const report = (reason) => self.postMessage({ crashed: String(reason?.message ?? reason) });

self.addEventListener('error', (event) => {
  // The page reports the crash itself; otherwise the browser would report it a second time.
  event.preventDefault();
  report(event.error ?? event.message);
});
self.addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  report(event.reason);
});
