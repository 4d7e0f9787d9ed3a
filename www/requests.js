// Request counter: shows how many requests the page has made to other servers since the first pictures were added, and
// lists every request, so that anyone can check that nothing leaves the machine.
//
// Workers are not observed here. They inherit the page's content security policy, which allows its own origin only.

/** The folder of the page's own files. */
const SITE = new URL('./', document.baseURI).href;
/** The stages of progress that begin once pictures have been added. */
const ADDING_STAGES = new Set(['reading', 'drawing', 'embedding']);

const isOwnOrigin = (url) => new URL(url).origin === location.origin;

/** How the list shows an address: relative to the site where possible, without its query. */
function label(url) {
  if (!isOwnOrigin(url)) return url;
  return (url.startsWith(SITE) ? url.slice(SITE.length) : new URL(url).pathname).split('?')[0];
}

/** Counts requests from the moment that `shoal` gets its first pictures, and shows them in `details`. */
export function countRequests(shoal, details) {
  const urls = [];
  let sinceMs = Infinity;
  const show = () => {
    const count = urls.filter((url) => !isOwnOrigin(url)).length;
    details.querySelector('summary span').textContent = `${count} ${count === 1 ? 'request' : 'requests'} to other servers`;
    details.querySelector('p').textContent = urls.length === 0
      ? 'The page has requested nothing since you added your pictures.'
      : 'Everything that the page has requested since you added your pictures:';
    details.querySelector('ul').replaceChildren(...urls.map((url) => {
      const item = document.createElement('li');
      item.textContent = label(url);
      return item;
    }));
    details.hidden = false;
  };
  const record = (url, startMs) => {
    if (startMs < sinceMs) return;
    urls.push(url);
    show();
  };
  shoal.addEventListener('progress', ({ detail }) => {
    if (sinceMs < Infinity || !ADDING_STAGES.has(detail.stage)) return;
    sinceMs = performance.now();
    show();
  });
  // An entry without bytes was answered from the browser's cache; one without a status failed, or is another server's.
  // Requests to other servers count even if the policy blocks them, because the page should not try any.
  // Only the service worker knows whether what it handled (`workerStart`) reached a server: it reports that itself.
  const isRequest = ({ name, workerStart, transferSize, responseStatus }) => (
    /^https?:/.test(name) && (!isOwnOrigin(name) || (workerStart === 0 && (transferSize > 0 || !responseStatus)))
  );
  new PerformanceObserver((list) => {
    list.getEntries().filter(isRequest).forEach(({ name, startTime }) => record(name, startTime));
  }).observe({ type: 'resource' });
  navigator.serviceWorker?.addEventListener('message', ({ data }) => {
    if (data.requested) record(data.requested, performance.now());
  });
  navigator.serviceWorker?.startMessages();
}
