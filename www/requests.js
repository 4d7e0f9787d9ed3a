// Shows how many requests were made since pictures were added: a promise that anyone can check.

const STAGES_OF_ADDING = new Set(['reading', 'drawing', 'embedding']);

/** Counts in `line`, from the moment on that `shoal` gets its first pictures. */
export function countRequests(shoal, line) {
  const requested = [];
  let counting = false;
  const show = () => {
    const count = requested.length;
    const words = `${count} ${count === 1 ? 'request' : 'requests'} since you added your pictures`;
    line.querySelector('summary').textContent = words;
    line.querySelector('ul').replaceChildren(...requested.map((url) => {
      const item = document.createElement('li');
      item.textContent = url;
      return item;
    }));
    line.querySelector('p').hidden = count === 0;
    line.hidden = false;
  };
  const count = (url) => {
    if (!counting) return;
    requested.push(url);
    show();
  };
  shoal.addEventListener('progress', ({ detail }) => {
    if (counting || !STAGES_OF_ADDING.has(detail.stage)) return;
    counting = true;
    show();
  });
  // What went through the service worker (`workerStart`) is that one's to tell: it knows what it had to ask a server for.
  const isRequest = ({ name, workerStart, transferSize, responseStatus }) => (
    /^https?:/.test(name) && workerStart === 0 && (transferSize > 0 || !responseStatus)
  );
  new PerformanceObserver((list) => {
    list.getEntries().filter(isRequest).forEach(({ name }) => count(name));
  }).observe({ type: 'resource' });
  navigator.serviceWorker?.addEventListener('message', ({ data }) => {
    if (data.requested) count(data.requested);
  });
  navigator.serviceWorker?.startMessages();
}
