// What the page does while the element works: it keeps the screen awake, says in the tab's title how far the work is, and asks
// before it is left.

/** Does so whenever `shoal` works. */
export function tellOfWork(shoal) {
  const title = document.title;
  let busy = false;
  let wakeLock;

  const askBeforeLeaving = (event) => event.preventDefault();

  async function keepAwake() {
    try {
      wakeLock = await navigator.wakeLock?.request('screen');
    } catch {
      // Refused, to save power for one: the work goes on.
    }
    if (!busy) letSleep();
  }

  function letSleep() {
    wakeLock?.release();
    wakeLock = undefined;
  }

  shoal.addEventListener('busy', ({ detail }) => {
    busy = detail.busy;
    if (busy) {
      addEventListener('beforeunload', askBeforeLeaving);
      keepAwake();
    } else {
      removeEventListener('beforeunload', askBeforeLeaving);
      letSleep();
      document.title = title;
    }
  });

  shoal.addEventListener('progress', ({ detail: { done, total } }) => {
    if (busy && total > 0) document.title = `${Math.floor((100 * done) / total)} % · ${title}`;
  });

  // A page that was hidden has lost its lock.
  document.addEventListener('visibilitychange', () => {
    if (busy && document.visibilityState === 'visible' && (wakeLock?.released ?? true)) keepAwake();
  });
}
