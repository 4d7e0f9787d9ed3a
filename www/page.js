// The shell around the element: what is the page's affair and no embedder's.

import { keepOffline, tellOffline } from './offline.js?v=__BUILD_ID__';
import { countRequests } from './requests.js?v=__BUILD_ID__';
import { tellOfWork } from './while-working.js?v=__BUILD_ID__';

const shoal = document.querySelector('image-shoal');
tellOfWork(shoal);
countRequests(shoal, document.querySelector('#requests'));
tellOffline(shoal, document.querySelector('#offline'));
// Where it fails (storage is full, or forbidden), the page works as ever, but not offline.
keepOffline(shoal, document.querySelector('#update')).catch((error) => console.warn('not kept for offline use:', error));
