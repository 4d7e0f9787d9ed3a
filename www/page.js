// Shell of the page around the element: offline use, the request counter, and behaviour while work is in progress.

import { enableOfflineUse, showOfflineStatus } from './offline.js?v=__BUILD_ID__';
import { countRequests } from './requests.js?v=__BUILD_ID__';
import { reflectWork } from './while-working.js?v=__BUILD_ID__';

const shoal = document.querySelector('image-shoal');
reflectWork(shoal);
countRequests(shoal, document.querySelector('#requests'));
showOfflineStatus(shoal, document.querySelector('#offline'));
// This fails where storage is full or forbidden; everything but offline use still works then.
enableOfflineUse(shoal, document.querySelector('#update')).catch((error) => {
  console.warn('offline use is not available:', error);
});
