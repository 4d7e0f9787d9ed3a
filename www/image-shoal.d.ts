// The types of the package: the element and the headless engine. Those of results and options are made from the program's
// own in Rust, and lie in results.d.ts.

import type {
  Added, ChartKind, ClusterOptions, Duplicates, DuplicatesOptions, EngineInfo, Imported, FolderReport, JoinOptions, Neighbour, Clustering,
  Reopened, ExportOptions, Timings,
} from './results.js';

export type {
  Added, ChartKind, ClusterMethod, ClusterOptions, Confusion, CurvePoint, DuplicateKind, Duplicates, DuplicatesOptions, EngineInfo,
  FeatureKind, Cluster, Imported, FolderReport, Assignment, JoinOptions, Measured, Neighbour, Clustering, Recipe, Rejection, Reopened, Scores,
  StepTimes, ExportOptions, Timings,
} from './results.js';

/** What pictures may come as. A folder's handle is read with all its folders. */
export type Pictures = Iterable<File | FileSystemHandle> | FileList | DataTransfer | File | FileSystemDirectoryHandle;

/** How far something under way is; `total` is 0 while it is not known. */
export interface Progress {
  stage: 'weights' | 'reading' | 'embedding' | 'clustering' | 'exporting' | 'importing' | 'drawing' | 'matching'
    | 'comparing' | 'copying' | 'recalling' | (string & {});
  done: number;
  total: number;
}

/** What every rejection is: an `Error` with a stable, kebab-case code. */
export interface ShoalError extends Error {
  code: string;
}

/** The events and their details. */
export interface ShoalEventMap {
  ready: CustomEvent<EngineInfo>;
  progress: CustomEvent<Progress>;
  /** Whether anything is under way. */
  busy: CustomEvent<{ busy: boolean }>;
  /** What an edit made of the result, not yet evaluated again. */
  edit: CustomEvent<Clustering>;
  result: CustomEvent<Clustering>;
  /** Something that went wrong and was made up for. */
  notice: CustomEvent<{ code: string; message: string }>;
  error: CustomEvent<{ code: string; message: string }>;
}

/** The attributes, as a headless `Shoal` takes them. Each holds from the next call on. */
export interface ShoalAttributes {
  k?: 'auto' | number | `${number}`;
  seed?: number | `${number}`;
  backend?: 'auto' | 'cpu' | 'webgpu';
  workers?: 'auto' | number | `${number}`;
  size?: 64 | 96 | 128 | 160 | 192 | 224 | `${number}`;
  features?: 'pooled' | 'flat';
  recipe?: 'spherical' | 'umap' | 'plain';
  method?: 'kmeans' | 'hdbscan' | 'ward';
  /** The folder that the package's `dist` lies in, where a bundler moves image-shoal.js away from it. */
  'asset-base'?: string;
  'weights-url'?: string;
  /** To remember features and groups in this browser; a number is the most megabytes of features. */
  remember?: '' | number | `${number}`;
}

/** The members that the element and the headless engine share. */
export interface ShoalMembers {
  /** Resolves once pictures can be added. */
  readonly ready: Promise<EngineInfo>;
  /** The latest result with every edit in it. */
  readonly result: Clustering | null;
  /** Where the time went since the collection was last empty. */
  readonly timings: Timings | null;
  add(files: Pictures): Promise<Added>;
  cluster(options?: ClusterOptions): Promise<Clustering>;
  /** Moves pictures into a cluster; `null` sets them aside. */
  move(paths: string[], clusterId: number | null): Promise<Clustering>;
  setAside(paths: string[]): Promise<Clustering>;
  rename(id: number, name: string): Promise<Clustering>;
  merge(ids: number[]): Promise<Clustering>;
  split(id: number, k: number): Promise<Clustering>;
  newCluster(name: string | null, paths: string[]): Promise<Clustering>;
  /** Holds pictures (by path) and clusters (by id) where they are, or lets go of them. */
  lock(pathsOrIds: (string | number)[], on: boolean): Promise<Clustering>;
  undo(): Promise<Clustering>;
  redo(): Promise<Clustering>;
  /** Makes the folders that pictures came in the clusters, locked. */
  adoptFolders(): Promise<Clustering>;
  /** Has pictures that are in no cluster join the nearest. */
  join(options?: JoinOptions): Promise<Clustering>;
  /** The `n` pictures most like one, 12 when nothing is said. */
  neighbours(path: string, n?: number): Promise<Neighbour[]>;
  duplicates(options?: DuplicatesOptions): Promise<Duplicates[]>;
  /** One folder per cluster, assignments.csv and assignments.json. What has changed or vanished is left out, and listed. */
  exportZip(options?: ExportOptions): Promise<Blob>;
  /** Copies the same into a folder. Nothing in it is written over; done again, it goes on where it stopped. */
  exportFolder(target: FileSystemDirectoryHandle, options?: ExportOptions): Promise<FolderReport>;
  /** A zip of a shell and a PowerShell script that move the originals into folders. */
  exportScripts(options?: ExportOptions): Promise<Blob>;
  exportPlot(kind: ChartKind, format: 'png' | 'svg'): Promise<Blob>;
  /** One self-contained HTML file. */
  exportReport(): Promise<Blob>;
  exportSession(): Promise<Blob>;
  importSession(file: Blob): Promise<Reopened>;
  exportFeatures(): Promise<Blob>;
  importFeatures(file: Blob): Promise<Imported>;
  /** Empties the collection and everything that `remember` kept in this browser. */
  forget(): Promise<void>;
  /** Stops what is under way. */
  cancel(): void;
  /** Stops what is under way and forgets every picture. */
  clear(): void;
}

/** The engine without an interface. */
export class Shoal extends EventTarget implements ShoalMembers {
  constructor(attributes?: ShoalAttributes);
  /** Changes an attribute; `null` takes it away. */
  set<Name extends keyof ShoalAttributes>(name: Name, value: ShoalAttributes[Name] | null): void;
  /** Ends the workers and frees everything. */
  close(): void;
  addEventListener<Type extends keyof ShoalEventMap>(
    type: Type, listener: (event: ShoalEventMap[Type]) => void, options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | AddEventListenerOptions,
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
}
export interface ImageShoal extends ShoalMembers {}
export type ImageShoalEventMap = Omit<HTMLElementEventMap, keyof ShoalEventMap> & ShoalEventMap;

declare global {
  interface HTMLElementTagNameMap {
    'image-shoal': ImageShoal;
  }
}
