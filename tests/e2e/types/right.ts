// A program that the package's types must accept.

import { Shoal, type Assignment, type Clustering, type ShoalError } from 'image-shoal';

const element = document.querySelector('image-shoal');
if (element) {
  element.addEventListener('result', ({ detail }) => console.log(detail.clusters.map(({ name, size }) => `${name}: ${size}`)));
  element.addEventListener('click', (event) => console.log(event.clientX));
}
const made = document.createElement('image-shoal');
made.setAttribute('asset-base', '/shoal/');

export async function sort(files: FileList, handle: FileSystemDirectoryHandle): Promise<string[]> {
  const shoal = new Shoal({ k: 'auto', size: 128, 'asset-base': '/shoal/' });
  shoal.addEventListener('progress', ({ detail: { stage, done, total } }) => console.log(`${stage} ${done}/${total}`));
  const { backend, measured } = await shoal.ready;
  const gpuMs: number | null = measured.webgpuMs;
  console.log(backend === 'webgpu', gpuMs);
  const { rejected } = await shoal.add(files);
  await shoal.add([handle, new File([], 'a.png')]);
  try {
    const result: Clustering = await shoal.cluster({ k: 6, recipe: 'umap', method: 'kmeans' });
    await shoal.move([result.items[0].path], null);
    const items: Assignment[] = shoal.result?.items ?? [];
    const [x, y, z]: [number, number, number] = items[0].pca;
    console.log(x + y + z, result.scores.nmi, result.curve?.map(({ k }) => k), await shoal.neighbours(items[0].path, 3));
    const zip: Blob = await shoal.exportZip();
    const { missing } = await shoal.importSession(zip);
    return [...missing, ...rejected.map(({ path, code }) => `${path}: ${code}`)];
  } catch (error) {
    return [(error as ShoalError).code];
  } finally {
    shoal.close();
  }
}
