// Types of the package: the element and the headless engine. The types of results and options are generated from the Rust
// program into results.d.ts.

import type {
  Added, ChartKind, Clustering, ClusterMethod, ClusterOptions, Duplicates, DuplicatesOptions, EngineInfo, ExportOptions,
  FolderReport, Imported, JoinOptions, Neighbour, Recipe, Reopened, Timings,
} from './results.js';

export type {
  Added, Assignment, Capture, CaptureSource, ChartKind, Cluster, ClusterMethod, Clustering, ClusterOptions, Confusion, CurvePoint,
  DuplicateKind, Duplicates,
  DuplicatesOptions, EngineInfo, ExportOptions, FeatureKind, FolderReport, Imported, JoinOptions, KeepReason, Measured, Neighbour,
  Recipe, Rejection, Reopened, Scores, StepTimes, Timings, Turn, TurnedCopy,
} from './results.js';

/** The sources that `add` accepts. A directory handle is read recursively. */
export type Pictures = Iterable<File | FileSystemHandle> | FileList | DataTransfer | File | FileSystemFileHandle
  | FileSystemDirectoryHandle;

/** Options of a long call. */
export interface Abortable {
  /** Aborts this call and no other. It rejects with an error whose name is `AbortError` and whose code is `cancelled`. */
  signal?: AbortSignal;
}

/** The progress of an operation. `total` is 0 while it is unknown. */
export interface Progress {
  stage: 'weights' | 'reading' | 'embedding' | 'clustering' | 'exporting' | 'importing' | 'drawing' | 'matching'
    | 'comparing' | 'copying' | 'recalling' | (string & {});
  done: number;
  total: number;
}

/** Every rejection: an `Error` with a stable code in kebab case. The name is `AbortError` if the code is `cancelled`. */
export interface ShoalError extends Error {
  code: string;
}

/** The events, by name. */
export interface ShoalEventMap {
  ready: CustomEvent<EngineInfo>;
  progress: CustomEvent<Progress>;
  /** Whether an operation is in progress. */
  busy: CustomEvent<{ busy: boolean }>;
  /** The result right after an edit, before it is evaluated again. */
  edit: CustomEvent<Clustering>;
  result: CustomEvent<Clustering>;
  /** A problem that Shoal has worked around. */
  notice: CustomEvent<{ code: string; message: string }>;
  /** The only event that does not bubble. */
  error: CustomEvent<{ code: string; message: string }>;
}

/** The attributes, as options of a headless `Shoal`. A change applies from the next call. */
export interface ShoalAttributes {
  k?: 'auto' | number | `${number}`;
  seed?: number | `${number}`;
  backend?: 'auto' | 'cpu' | 'webgpu';
  workers?: 'auto' | number | `${number}`;
  size?: 64 | 96 | 128 | 160 | 192 | 224 | 256 | 288 | 320 | `${number}`;
  features?: 'pooled' | 'flat';
  recipe?: Recipe;
  method?: ClusterMethod;
  /** The network; by default the best one that the site has. */
  model?: 'efficientnet-lite0' | 'mobilenet-v2';
  /** The URL of the package's `dist` folder, needed where a bundler moves image-shoal.js out of it. */
  'asset-base'?: string;
  'weights-url'?: string;
  /** Stores features and clusters in this browser. A number limits the features, in megabytes. */
  remember?: '' | number | `${number}`;
}

/** The members that the element and the headless engine share. */
export interface ShoalMembers {
  /** Resolves once images can be added. */
  readonly ready: Promise<EngineInfo>;
  /** The latest result, including all edits. */
  readonly result: Clustering | null;
  /** The time spent by step since the collection was last empty. */
  readonly timings: Timings | null;
  /** When it is aborted, it resolves with the images so far and `cancelled: true`. */
  add(files: Pictures, options?: Abortable): Promise<Added>;
  cluster(options?: ClusterOptions & Abortable): Promise<Clustering>;
  /** Moves images into a cluster and pins them there. `null` sets them aside. */
  move(paths: string[], clusterId: number | null): Promise<Clustering>;
  setAside(paths: string[]): Promise<Clustering>;
  rename(id: number, name: string): Promise<Clustering>;
  merge(ids: number[]): Promise<Clustering>;
  split(id: number, k: number, options?: Abortable): Promise<Clustering>;
  newCluster(name: string | null, paths: string[]): Promise<Clustering>;
  /** Pins images (by path) and clusters (by id), or unpins them. Clustering leaves what is pinned where it is. */
  lock(pathsOrIds: (string | number)[], on: boolean): Promise<Clustering>;
  undo(): Promise<Clustering>;
  redo(): Promise<Clustering>;
  /** Makes each source folder a pinned cluster. */
  adoptFolders(options?: Abortable): Promise<Clustering>;
  /** Assigns images that are in no cluster to the nearest one. */
  join(options?: JoinOptions & Abortable): Promise<Clustering>;
  /** The `n` images most similar to the one at `path`, 12 by default. */
  neighbours(path: string, n?: number, options?: Abortable): Promise<Neighbour[]>;
  duplicates(options?: DuplicatesOptions & Abortable): Promise<Duplicates[]>;
  /** Remembers that all images of each group are kept: `duplicates` leaves these groups out from then on. */
  keepDuplicates(groups: string[][]): Promise<void>;
  /**
   * A zip with one folder per cluster, assignments.csv and assignments.json. Source files that have changed or disappeared
   * are left out and listed.
   */
  exportZip(options?: ExportOptions & Abortable): Promise<Blob>;
  /** Copies the same files into a folder. Never overwrites a file; a repeated call continues where the last one stopped. */
  exportFolder(target: FileSystemDirectoryHandle, options?: ExportOptions & Abortable): Promise<FolderReport>;
  /** A zip with a shell script and a PowerShell script that move the source files into folders. */
  exportScripts(options?: ExportOptions & Abortable): Promise<Blob>;
  exportPlot(kind: ChartKind, format: 'png' | 'svg', options?: Abortable): Promise<Blob>;
  /** One self-contained HTML file. */
  exportReport(options?: Abortable): Promise<Blob>;
  exportSession(options?: Abortable): Promise<Blob>;
  importSession(file: Blob, options?: Abortable): Promise<Reopened>;
  exportFeatures(options?: Abortable): Promise<Blob>;
  importFeatures(file: Blob, options?: Abortable): Promise<Imported>;
  /** Clears the collection and deletes everything that `remember` stored in this browser. */
  forget(): Promise<void>;
  /** Stops the operation in progress. */
  cancel(): void;
  /** Stops the operation in progress and removes every image. */
  clear(): void;
}

/** The engine without an interface. */
export class Shoal extends EventTarget implements ShoalMembers {
  constructor(attributes?: ShoalAttributes);
  /** Changes an attribute. `null` removes it. */
  set<Name extends keyof ShoalAttributes>(name: Name, value: ShoalAttributes[Name] | null): void;
  /** Ends the workers and frees all memory. */
  close(): void;
  addEventListener<Type extends keyof ShoalEventMap>(
    type: Type, listener: (event: ShoalEventMap[Type]) => void, options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<Type extends keyof ShoalEventMap>(
    type: Type, listener: (event: ShoalEventMap[Type]) => void, options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | EventListenerOptions,
  ): void;
}
export interface Shoal extends ShoalMembers {}

/** The widget, `<image-shoal>`. */
export class ImageShoal extends HTMLElement {
  addEventListener<Type extends keyof ImageShoalEventMap>(
    type: Type, listener: (this: ImageShoal, event: ImageShoalEventMap[Type]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<Type extends keyof ImageShoalEventMap>(
    type: Type, listener: (this: ImageShoal, event: ImageShoalEventMap[Type]) => void,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions,
  ): void;
}
export interface ImageShoal extends ShoalMembers {}
export type ImageShoalEventMap = Omit<HTMLElementEventMap, keyof ShoalEventMap> & ShoalEventMap;

/** The attributes of `<image-shoal>` in JSX. */
export interface ImageShoalJsxAttributes extends ShoalAttributes {
  id?: string;
  class?: string;
  className?: string;
  part?: string;
  slot?: string;
  style?: string | object;
  key?: string | number | null;
  ref?: ((element: ImageShoal | null) => void) | { current: ImageShoal | null } | null;
}

declare global {
  interface HTMLElementTagNameMap {
    'image-shoal': ImageShoal;
  }
  namespace JSX {
    interface IntrinsicElements {
      'image-shoal': ImageShoalJsxAttributes;
    }
  }
}
