// Page behaviour while the element works: a screen wake lock, progress in the title, and a question before leaving.

/** Applies this behaviour whenever `shoal` is busy. */
export function reflectWork(shoal) {
  const title = document.title;
  let isBusy = false;
  let wakeLock;

  const askBeforeLeaving = (event) => event.preventDefault();

  async function acquireWakeLock() {
    try {
      wakeLock = await navigator.wakeLock?.request('screen');
    } catch {
      // The browser may refuse, for example to save power; the work continues without the lock.
    }
    if (!isBusy) releaseWakeLock();
  }

  function releaseWakeLock() {
    wakeLock?.release();
    wakeLock = undefined;
  }

  shoal.addEventListener('busy', ({ detail }) => {
    isBusy = detail.busy;
    if (isBusy) {
      addEventListener('beforeunload', askBeforeLeaving);
      acquireWakeLock();
    } else {
      removeEventListener('beforeunload', askBeforeLeaving);
      releaseWakeLock();
      document.title = title;
    }
  });

  shoal.addEventListener('progress', ({ detail: { done, total } }) => {
    if (isBusy && total > 0) document.title = `${Math.floor((100 * done) / total)} % · ${title}`;
  });

  // The browser releases the lock when the page is hidden.
  document.addEventListener('visibilitychange', () => {
    if (isBusy && document.visibilityState === 'visible' && (wakeLock?.released ?? true)) acquireWakeLock();
  });
}
