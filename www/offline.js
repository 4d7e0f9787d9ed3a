// Keeps the page for offline use, says when it is offline, and offers a new version without ever forcing it.

import { workerProgram } from './worker-program.js?v=__BUILD_ID__';

/** Registers the service worker; once there is a first result, has it fetch all that this browser can use. */
export async function keepOffline(shoal, update) {
  // Not in a page that is served plainly from another machine.
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  // Listened for from the beginning. Asking for `ready` would start workers that a remembered result does without.
  const [ready, result] = ['ready', 'result'].map((type) => first(shoal, type));
  const registration = await serviceWorker.register('sw.js', { updateViaCache: 'none' });
  offerUpdates(registration, update);
  await result;
  const { measured } = await ready;
  const unused = measured.webgpuMs === null ? [otherWorker(), 'gpu'] : [otherWorker()];
  (await serviceWorker.ready).active.postMessage({ type: 'keep', unused });
}

/** Says in `line` that the browser is offline, while it is, and whether that keeps anyone from sorting. */
export function tellOffline(shoal, line) {
  // What sorts is in memory by then.
  let isLoaded = false;
  const tell = async () => {
    if (navigator.onLine) {
      line.textContent = '';
      return;
    }
    const works = isLoaded || await isKept();
    // Meanwhile it may be online.
    if (!navigator.onLine) line.textContent = works ? WORKS_OFFLINE : WAITS_FOR_NETWORK;
  };
  for (const type of ['online', 'offline']) addEventListener(type, tell);
  shoal.addEventListener('ready', () => {
    isLoaded = true;
    tell();
  }, { once: true });
  tell();
}

const WORKS_OFFLINE = 'You are offline. Everything works as ever.';
const WAITS_FOR_NETWORK = 'You are offline, and what sorts pictures is still to be fetched.';

/** Whether all that sorting takes is stored. */
async function isKept() {
  const active = (await navigator.serviceWorker?.getRegistration())?.active;
  if (!active) return false;
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
  });
  active.postMessage({ type: 'is-kept', unused: [otherWorker(), 'gpu'] }, [port2]);
  return answer;
}

/** The build of the worker's program that this engine does not use. */
const otherWorker = () => (workerProgram() === 'worker' ? 'worker_relaxed' : 'worker');

const first = (shoal, type) => new Promise((resolve) => {
  shoal.addEventListener(type, ({ detail }) => resolve(detail), { once: true });
});

/** Shows `update` while a new version waits; its button has it take over, and loads the page anew. */
function offerUpdates(registration, update) {
  const { serviceWorker } = navigator;
  const offer = () => {
    // A first visitor has nothing to update from.
    update.hidden = !(registration.waiting && serviceWorker.controller);
  };
  const watch = (worker) => worker?.addEventListener('statechange', offer);
  registration.addEventListener('updatefound', () => watch(registration.installing));
  watch(registration.installing);
  offer();
  update.querySelector('button').addEventListener('click', () => {
    serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
    registration.waiting?.postMessage({ type: 'take-over' });
  });
}
