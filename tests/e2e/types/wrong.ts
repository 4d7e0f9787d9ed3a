// Each statement has a mistake that the package's types must find.

import { Shoal } from 'image-shoal';

const shoal = new Shoal({ backend: 'gpu' });
const path: number = shoal.result!.items[0].path;
shoal.cluster({ recipe: 'spheric' });
shoal.move('a.png', 1);
document.querySelector('image-shoal')!.addEventListener('result', ({ detail }) => detail.groups);
export { path };
