// A program that the package's types must accept.

import { Shoal, type Assignment, type Clustering, type ShoalError, type ShoalEventMap } from 'image-shoal';

const element = document.querySelector('image-shoal');
if (element) {
  element.addEventListener('result', ({ detail }) => console.log(detail.clusters.map(({ name, size }) => `${name}: ${size}`)));
  const onEdit = ({ detail }: CustomEvent<Clustering>) => console.log(detail.k);
  element.addEventListener('edit', onEdit);
  element.removeEventListener('edit', onEdit);
  element.addEventListener('click', (event) => console.log(event.clientX));
}
const made = document.createElement('image-shoal');
made.setAttribute('asset-base', '/shoal/');
export const attributes: JSX.IntrinsicElements['image-shoal'] = { k: 'auto', size: 128, 'asset-base': '/shoal/' };

export async function sort(files: FileList, handle: FileSystemDirectoryHandle): Promise<string[]> {
  const shoal = new Shoal({ k: 'auto', size: 128, 'asset-base': '/shoal/' });
  const onProgress = ({ detail: { stage, done, total } }: ShoalEventMap['progress']) => console.log(`${stage} ${done}/${total}`);
  shoal.addEventListener('progress', onProgress);
  shoal.removeEventListener('progress', onProgress);
  const { backend, measured } = await shoal.ready;
  const gpuMs: number | null = measured.webgpuMs;
  console.log(backend === 'webgpu', gpuMs);
  const { rejected } = await shoal.add(files);
  const { signal } = new AbortController();
  await shoal.add([handle, new File([], 'a.png')], { signal });
  await shoal.exportReport({ signal });
  try {
    const result: Clustering = await shoal.cluster({ k: 6, recipe: 'umap', method: 'kmeans', signal });
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
