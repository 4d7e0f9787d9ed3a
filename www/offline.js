// Offline use of the page: registers the service worker, shows when the browser is offline, and offers updates.

import { workerProgram } from './worker-program.js?v=__BUILD_ID__';

const WORKS_OFFLINE = 'You are offline. Everything still works.';
const NEEDS_NETWORK = 'You are offline. Shoal cannot sort pictures until it has been downloaded.';

/**
 * Registers the service worker. After the first result, has it store everything that this browser uses. `update` is the
 * element that offers a new version.
 */
export async function enableOfflineUse(shoal, update) {
  const { serviceWorker } = navigator;
  // Missing where the page comes from another machine without TLS.
  if (!serviceWorker) return;
  // Events rather than the `ready` member: reading that would start workers that a restored result does not need.
  const [ready, result] = ['ready', 'result'].map((type) => firstEvent(shoal, type));
  const registration = await serviceWorker.register('sw.js', { updateViaCache: 'none' });
  offerUpdates(registration, update);
  await result;
  const { measured, model } = await ready;
  const unused = measured.webgpuMs === null ? [unusedWorkerProgram(), 'gpu'] : [unusedWorkerProgram()];
  (await serviceWorker.ready).active.postMessage({ type: 'store-all', unused, model });
}

/** Shows in `line`, while the browser is offline, that it is and whether pictures can be sorted. */
export function showOfflineStatus(shoal, line) {
  // Once the engine is ready, everything that sorts pictures is in memory.
  let isLoaded = false;
  const show = async () => {
    if (navigator.onLine) {
      line.textContent = '';
      return;
    }
    const works = isLoaded || await isStored();
    // The browser may have come online in the meantime.
    if (!navigator.onLine) line.textContent = works ? WORKS_OFFLINE : NEEDS_NETWORK;
  };
  for (const type of ['online', 'offline']) addEventListener(type, show);
  shoal.addEventListener('ready', () => {
    isLoaded = true;
    show();
  }, { once: true });
  show();
}

/** Whether the service worker has stored everything that sorting pictures takes. */
async function isStored() {
  const active = (await navigator.serviceWorker?.getRegistration())?.active;
  if (!active) return false;
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
  });
  active.postMessage({ type: 'is-stored', unused: [unusedWorkerProgram(), 'gpu'] }, [port2]);
  return answer;
}

/** The build of the worker program that this browser does not use. */
const unusedWorkerProgram = () => (workerProgram() === 'worker' ? 'worker_relaxed' : 'worker');

const firstEvent = (target, type) => new Promise((resolve) => {
  target.addEventListener(type, ({ detail }) => resolve(detail), { once: true });
});

/** Shows `update` while a new version waits. Its button activates that version and reloads the page. */
function offerUpdates(registration, update) {
  const { serviceWorker } = navigator;
  const offer = () => {
    // On a first visit the waiting version is the only one.
    update.hidden = !(registration.waiting && serviceWorker.controller);
  };
  const watch = (worker) => worker?.addEventListener('statechange', offer);
  registration.addEventListener('updatefound', () => watch(registration.installing));
  watch(registration.installing);
  offer();
  update.querySelector('button').addEventListener('click', () => {
    serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
    registration.waiting?.postMessage({ type: 'activate' });
  });
}
