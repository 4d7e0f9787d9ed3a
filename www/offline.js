// Keeps the page for offline use, and offers a new version without ever forcing it.

import { laneProgram } from './lane-program.js?v=__BUILD_ID__';

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
  const otherLane = laneProgram() === 'lane' ? 'lane_relaxed' : 'lane';
  const unused = measured.webgpuMs === null ? [otherLane, 'gpu'] : [otherLane];
  (await serviceWorker.ready).active.postMessage({ type: 'keep', unused });
}

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
