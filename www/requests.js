// Shows how many requests were made since pictures were added: a promise that anyone can check.

/** The folder that the page's files lie in. */
const SITE = new URL('./', document.baseURI).href;
const STAGES_OF_ADDING = new Set(['reading', 'drawing', 'embedding']);

const isOwn = (url) => url.startsWith(SITE);

/** Counts in `line`, from the moment on that `shoal` gets its first pictures. */
export function countRequests(shoal, line) {
  const requested = [];
  let sinceMs = Infinity;
  const show = () => {
    const count = requested.length;
    const words = `${count} ${count === 1 ? 'request' : 'requests'} since you added your pictures`;
    line.querySelector('summary span').textContent = words;
    line.querySelector('ul').replaceChildren(...requested.map((url) => {
      const item = document.createElement('li');
      item.textContent = isOwn(url) ? url.slice(SITE.length).split('?')[0] : url;
      return item;
    }));
    line.querySelector('p').hidden = count === 0 || !requested.every(isOwn);
    line.hidden = false;
  };
  const count = (url, startMs) => {
    if (startMs < sinceMs) return;
    requested.push(url);
    show();
  };
  shoal.addEventListener('progress', ({ detail }) => {
    if (sinceMs < Infinity || !STAGES_OF_ADDING.has(detail.stage)) return;
    sinceMs = performance.now();
    show();
  });
  // What went through the service worker (`workerStart`) is that one's to tell: it knows what it had to ask a server for.
  const isRequest = ({ name, workerStart, transferSize, responseStatus }) => (
    /^https?:/.test(name) && workerStart === 0 && (transferSize > 0 || !responseStatus)
  );
  new PerformanceObserver((list) => {
    list.getEntries().filter(isRequest).forEach(({ name, startTime }) => count(name, startTime));
  }).observe({ type: 'resource' });
  navigator.serviceWorker?.addEventListener('message', ({ data }) => {
    if (data.requested) count(data.requested, performance.now());
  });
  navigator.serviceWorker?.startMessages();
}
