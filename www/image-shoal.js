// Entry point: defines <image-shoal> and exports the headless Shoal. Everything else is Rust, in app.js and its wasm.

const BUILD_QUERY = '?v=__BUILD_ID__';
const ATTRIBUTES = [
  'k', 'seed', 'backend', 'workers', 'size', 'features', 'recipe', 'method', 'model', 'asset-base', 'weights-url', 'remember',
];
/**
 * Members that wait for the program and are then called on it with the same arguments: the name here and the name there.
 * `move` differs because it is a reserved word in Rust.
 */
const FORWARDED_MEMBERS = {
  cluster: 'cluster', move: 'movePictures', rename: 'rename', merge: 'merge', split: 'split', newCluster: 'newCluster',
  lock: 'lock', undo: 'undo', redo: 'redo', adoptFolders: 'adoptFolders', join: 'join', neighbours: 'neighbours',
  duplicates: 'duplicates', keepDuplicates: 'keepDuplicates', exportZip: 'exportZip', exportFolder: 'exportFolder', exportScripts: 'exportScripts',
  exportPlot: 'exportPlot', exportReport: 'exportReport', exportSession: 'exportSession', importSession: 'importSession',
  exportFeatures: 'exportFeatures', importFeatures: 'importFeatures', forget: 'forget',
};

// A module with one SIMD instruction (i8x16.splat), which validates only where SIMD is supported.
const SIMD_PROBE = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11,
);

/** How long the element waits for its style sheet before it is shown, in milliseconds. */
const STYLE_MS = 5_000;
/** How long the server may be silent before a download counts as stalled, in milliseconds in which the page runs. */
const SILENCE_MS = 30_000;
/** The longest time of a freeze of the page that counts as time in which it runs, in milliseconds. */
const AWAKE_STEP_MS = 5_000;
/** How often the program is loaded before a call fails. */
const LOADS_MAX = 2;

/** The program, which all elements of a page share, while it loads and from then on: `{ exports, waiting, abandon }`. */
let program;
/** How often it has been loaded. */
let loads = 0;
/** The id of the last call that can be aborted. */
let lastCall = 0;

/** The program's exports, loaded if necessary. Loading ends when no caller waits for it: each does until its `signal` aborts. */
async function sharedProgram(base, signal) {
  if (!program) {
    const controller = new AbortController();
    program = { waiting: 0, abandon: () => controller.abort(), exports: loadProgram(base, controller.signal) };
  }
  const mine = program;
  mine.waiting += 1;
  const leave = () => {
    mine.waiting -= 1;
    if (mine.waiting > 0) return;
    if (program === mine) program = undefined;
    mine.abandon();
  };
  try {
    return await orAborted(mine.exports, signal);
  } catch (error) {
    if (signal.aborted) leave();
    else if (program === mine) program = undefined;
    throw error;
  }
}

/** What this browser lacks of the features that Shoal needs, or undefined. The others that it needs are older than these. */
function missingFeature() {
  if (!globalThis.WebAssembly?.validate(SIMD_PROBE)) return 'WebAssembly with SIMD';
  if (!globalThis.OffscreenCanvas) return 'OffscreenCanvas';
  if (!globalThis.CSS?.supports('color', 'light-dark(#000, #fff)')) return 'light-dark() of CSS';
  return undefined;
}

/** Loads the program, at most twice. */
async function loadProgram(base, signal) {
  const missing = missingFeature();
  if (missing) {
    const needed = 'Chrome 123, Firefox 120, Safari 17.5 or later';
    throw codedError('browser-unsupported', `this browser is too old for Shoal, which needs ${needed}: ${missing} is missing`);
  }
  for (let left = LOADS_MAX - 1; ; left -= 1) {
    try {
      return await loadOnce(base, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      if (left === 0) throw codedError('program-unreachable', `the program could not be loaded: ${error.message}`);
    }
  }
}

async function loadOnce(base, signal) {
  loads += 1;
  // A browser may keep the failure of a module's address, or wait for an earlier request to it.
  const query = loads > 1 ? `${BUILD_QUERY}&try=${loads}` : BUILD_QUERY;
  const controller = new AbortController();
  const abort = () => controller.abort();
  signal.addEventListener('abort', abort);
  const signs = watchSilence(abort);
  const load = async () => {
    const { startProgram, wasmAddress, ...exports } = await import(new URL(`app.js${query}`, base).href);
    signs.give();
    const response = await fetch(new URL(wasmAddress, base), { signal: controller.signal });
    // A copy is followed, because the browser keeps compiled code only for the response itself.
    follow(response.clone().body, signs).catch(() => {});
    await startProgram(response);
    return exports;
  };
  try {
    const silent = new Error(`nothing has arrived for ${SILENCE_MS / 1000} seconds`);
    return await orAborted(load(), controller.signal, silent);
  } finally {
    signs.stop();
    signal.removeEventListener('abort', abort);
  }
}

/** Follows a download to its end. */
async function follow(body, signs) {
  const reader = body.getReader();
  while (!(await reader.read()).done) signs.give();
  signs.stop();
}

/** Calls `onSilence` when `give` has not been called for `SILENCE_MS`, unless `stop` is called before. */
function watchSilence(onSilence) {
  let leftMs = SILENCE_MS;
  // After a freeze, a timer fires once, however long it lasted.
  const timer = setInterval(() => {
    leftMs -= AWAKE_STEP_MS;
    if (leftMs <= 0) onSilence();
  }, AWAKE_STEP_MS);
  return { give: () => { leftMs = SILENCE_MS; }, stop: () => clearInterval(timer) };
}

/** The outcome of `promise`, or a rejection with `reason` as soon as `signal` aborts. */
function orAborted(promise, signal, reason = codedError('cancelled', 'the operation was cancelled')) {
  return new Promise((resolve, reject) => {
    const abort = () => reject(reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** The URL of the folder with the program's files, ending in a slash: this module's own unless `asset-base` names another. */
const assetBase = (attribute) => new URL(`${attribute || '.'}/`.replace(/\/+$/, '/'), import.meta.url).href;

function codedError(code, message) {
  return Object.assign(new Error(message), { code }, code === 'cancelled' && { name: 'AbortError' });
}

const isPlainObject = (value) => value !== null && typeof value === 'object'
  && Object.getPrototypeOf(value) === Object.prototype;

/**
 * Splits the arguments of a member into the `signal` among its options, which come last, and the rest, in which a property that
 * is undefined is not given.
 */
function splitSignal(values) {
  const given = values.map((value) => (isPlainObject(value)
    ? Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) : value));
  const last = given.at(-1);
  if (!isPlainObject(last) || !('signal' in last)) return { values: given };
  const { signal, ...options } = last;
  if (!(signal instanceof AbortSignal)) throw codedError('bad-option', 'signal takes an AbortSignal');
  return { signal, values: Object.keys(options).length > 0 ? [...given.slice(0, -1), options] : given.slice(0, -1) };
}

/** The files as an array. A DataTransfer is read at once, because it is empty after its event. */
function snapshot(files) {
  if (files instanceof DataTransfer) {
    return [...files.items]
      .filter((item) => item.kind === 'file')
      .map((item) => {
        const entry = item.webkitGetAsEntry?.();
        return entry?.isDirectory ? entry : item.getAsFile();
      })
      .filter(Boolean);
  }
  return typeof files?.[Symbol.iterator] === 'function' ? [...files] : [files];
}

/** Makes the result the event's detail. It is large, so it is built only when a listener reads it. */
function defineResultDetail(event, shoal) {
  let result;
  Object.defineProperty(event, 'detail', { get: () => (result ??= shoal.result), enumerable: true });
}

/** What takes text, and what is pasted. */
const EDITORS = 'textarea, select, [role=textbox], input:not([type=button], [type=checkbox], [type=color], [type=file], '
  + '[type=image], [type=radio], [type=range], [type=reset], [type=submit])';

/** What `add` resolves with when it is cancelled before it begins. */
const NOTHING_ADDED = { added: 0, reused: 0, matched: 0, sidecars: 0, rejected: [], cancelled: true };

/** The engine without an interface: the same members and events as the element. */
export class Shoal extends EventTarget {
  #emit;
  #engine;
  /** The program and the engine in it, unless loading has failed. */
  #loaded;
  #ready;
  #root;
  #closed = new AbortController();
  /** Aborted by `cancel`, and replaced. */
  #cancelled = new AbortController();

  constructor(options = {}, target = null) {
    super();
    this.#emit = (type, detail) => {
      // An `error` event that reached the window would be taken for an uncaught exception.
      const isPublic = type !== 'error';
      const event = new CustomEvent(type, { detail, bubbles: isPublic, composed: isPublic });
      if (detail === undefined) defineResultDetail(event, this);
      (target ?? this).dispatchEvent(event);
    };
    const given = Object.entries(options).filter(([, value]) => value !== undefined && value !== null);
    this.settings = new Map(given.map(([name, value]) => [name, String(value)]));
    this.load().catch(() => {});
  }

  get #base() {
    return assetBase(this.settings.get('asset-base'));
  }

  /** Loads the program, unless that is done or under way. A failure is an event; the next call tries again. */
  load() {
    if (!this.#loaded) {
      this.#loaded = this.#load();
      // Every call rejects with this failure; without a call it must not count as an unhandled rejection.
      this.#loaded.catch((error) => {
        if (this.#closed.signal.aborted) return;
        this.#loaded = undefined;
        this.#emit('error', { code: error.code, message: error.message });
      });
    }
    return this.#loaded;
  }

  async #load() {
    // Waits one task, so that a script that creates the element can set its attributes first.
    await new Promise((resolve) => { setTimeout(resolve); });
    const { ShoalEngine } = await sharedProgram(this.#base, this.#closed.signal);
    this.#engine = new ShoalEngine(BUILD_QUERY, this.#emit);
    for (const [name, value] of this.settings) this.#forward(name, value);
    if (this.#root) this.#engine.mount(this.#root);
    return this.#engine;
  }

  #forward(name, value) {
    this.#engine?.set(name, name === 'asset-base' ? this.#base : value ?? undefined);
  }

  /** Changes an attribute, which applies from the next call. */
  set(name, value) {
    if (value === null || value === undefined) {
      this.settings.delete(name);
    } else {
      this.settings.set(name, String(value));
    }
    this.#forward(name, value);
  }

  /** Resolves with facts about the engine once images can be added. Reading it after a failure tries again. */
  get ready() {
    if (!this.#ready) {
      this.#ready = this.#started().then((engine) => engine.start());
      this.#ready.catch(() => { this.#ready = undefined; });
    }
    return this.#ready;
  }

  get result() {
    return this.#engine?.result ?? null;
  }

  /** The workers' time by step since the collection was last empty, in milliseconds summed over images. */
  get timings() {
    return this.#engine?.timings ?? null;
  }

  async add(files, options) {
    const sources = snapshot(files);
    const { signal } = splitSignal([options]);
    let engine;
    try {
      engine = await this.#started(signal);
    } catch (error) {
      if (error.code === 'cancelled') return { ...NOTHING_ADDED };
      throw error;
    }
    return this.#start(engine, signal, () => engine.add(sources));
  }

  /** For the element: starts the workers and loads the network, unless a stored session is shown, which needs neither. */
  async warm() {
    const engine = await this.#started();
    if (!this.settings.has('remember') || !(await engine.restored())) await this.ready;
  }

  /** Calls a member of the program once it is loaded. A `signal` among its options aborts the call. */
  async call(member, values) {
    const { signal, values: given } = splitSignal(values);
    const engine = await this.#started(signal);
    const running = this.#start(engine, signal, () => engine[member](...given));
    return signal ? orAborted(running, signal) : running;
  }

  /** Starts a call, which the engine stops when `signal` aborts. */
  #start(engine, signal, start) {
    if (!signal) return start();
    lastCall += 1;
    const id = lastCall;
    const abort = () => engine.abortCall(id);
    engine.nextCall(id);
    const running = start();
    signal.addEventListener('abort', abort);
    return running.finally(() => signal.removeEventListener('abort', abort));
  }

  /** Sets images aside: they belong to no cluster and take no part in clustering. */
  async setAside(paths) {
    return this.move(paths, null);
  }

  cancel() {
    this.#cancelled.abort();
    this.#cancelled = new AbortController();
    this.#engine?.cancel();
  }

  clear() {
    this.cancel();
    this.#engine?.clear();
  }

  /** Ends the workers and frees everything. Calls reject from here on. */
  close() {
    this.#closed.abort();
    this.#cancelled.abort();
    this.#engine?.dispose();
  }

  /** The engine, once the program is loaded; every call waits for it alike, so that calls keep their order. */
  async #started(signal) {
    const loaded = orAborted(this.load(), this.#cancelled.signal);
    const engine = await (signal ? orAborted(loaded, signal) : loaded);
    this.#forward('asset-base');
    return engine;
  }

  /** For the element: renders the interface into `root` as soon as the program is loaded, however often that is tried. */
  mount(root) {
    this.#root = root;
    this.#engine?.mount(root);
  }

  /** For the element: adds what the user dropped or pasted. */
  async receive(files) {
    const sources = snapshot(files);
    (await this.#started()).receive(sources);
  }
}

for (const [name, member] of Object.entries(FORWARDED_MEMBERS)) {
  Shoal.prototype[name] = async function forwarded(...values) {
    return this.call(member, values);
  };
}

/** The widget: an interface in a shadow root over a `Shoal`. Server-side rendering may import it, but not create one. */
export class ImageShoal extends (globalThis.HTMLElement ?? Object) {
  static observedAttributes = ATTRIBUTES;

  #shoal;
  #isMounted = false;
  #root;
  #sheet = document.createElement('link');
  #dragDepth = 0;

  constructor() {
    super();
    const shadow = this.attachShadow({ mode: 'open' });
    this.#sheet.rel = 'stylesheet';
    this.#root = document.createElement('div');
    this.#root.className = 'shoal';
    // Shown until the program is loaded. The element accepts drops from the start.
    this.#showSkeleton();
    for (const type of ['load', 'error']) this.#sheet.addEventListener(type, () => { this.#root.hidden = false; });
    shadow.append(this.#sheet, this.#root);
    this.addEventListener('dragenter', (event) => this.#trackDrag(event, 1));
    this.addEventListener('dragleave', (event) => this.#trackDrag(event, -1));
    this.addEventListener('dragover', (event) => this.#trackDrag(event, 0));
    this.addEventListener('drop', (event) => {
      if (!carriesFiles(event.dataTransfer)) return;
      event.preventDefault();
      this.#dragDepth = 0;
      this.#root.classList.remove('dragging');
      this.#receive(event.dataTransfer);
    });
  }

  #showSkeleton(text = 'Drop a folder of pictures here') {
    const skeleton = document.createElement('div');
    skeleton.className = 'skeleton';
    skeleton.append(Object.assign(document.createElement('p'), { textContent: text }));
    this.#root.replaceChildren(skeleton);
  }

  #receive(files) {
    this.#engine.receive(files).catch(() => {});
  }

  #onPaste = (event) => {
    const path = event.composedPath();
    // Handled by the page, or by another of these elements.
    if (event.defaultPrevented || !carriesFiles(event.clipboardData) || isEditor(path[0])) return;
    const owner = path.find((node) => node instanceof ImageShoal);
    if (owner && owner !== this) return;
    event.preventDefault();
    this.#receive(event.clipboardData);
  };

  #trackDrag(event, step) {
    if (!carriesFiles(event.dataTransfer)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    this.#dragDepth = Math.max(0, this.#dragDepth + step);
    this.#root.classList.toggle('dragging', this.#dragDepth > 0 || step === 0);
  }

  get #engine() {
    if (!this.#shoal) {
      const attributes = ATTRIBUTES.filter((name) => this.hasAttribute(name));
      const options = Object.fromEntries(attributes.map((name) => [name, this.getAttribute(name)]));
      this.#shoal = new Shoal(options, this);
    }
    return this.#shoal;
  }

  connectedCallback() {
    document.addEventListener('paste', this.#onPaste);
    // Not in the constructor: an element created by a script gets its attributes later.
    this.#sheet.href = new URL(`image-shoal.css${BUILD_QUERY}`, assetBase(this.getAttribute('asset-base'))).href;
    // A method may have created the engine before.
    const engine = this.#engine;
    if (this.#isMounted) return;
    this.#isMounted = true;
    // Hidden until the style sheet has loaded or failed, so that the layout does not jump, but not for long.
    this.#root.hidden = !this.#sheet.sheet;
    setTimeout(() => { this.#root.hidden = false; }, STYLE_MS);
    engine.mount(this.#root);
    engine.load().catch((error) => {
      if (engine === this.#shoal) this.#showSkeleton(error.message);
    });
    engine.warm().catch(() => {});
  }

  disconnectedCallback() {
    document.removeEventListener('paste', this.#onPaste);
    // An element that is moved within the page is connected again before the next microtask, and keeps its state.
    queueMicrotask(() => {
      if (!this.isConnected) {
        this.#shoal?.close();
        this.#shoal = undefined;
        this.#isMounted = false;
        this.#showSkeleton();
      }
    });
  }

  attributeChangedCallback(name, _before, value) {
    this.#shoal?.set(name, value);
  }

  get ready() {
    return this.#engine.ready;
  }

  get result() {
    return this.#shoal?.result ?? null;
  }

  get timings() {
    return this.#shoal?.timings ?? null;
  }

  static {
    const members = ['add', 'setAside', 'cancel', 'clear', ...Object.keys(FORWARDED_MEMBERS)];
    for (const name of members) {
      const value = function member(...values) {
        return this.#engine[name](...values);
      };
      Object.defineProperty(this.prototype, name, { value, configurable: true, writable: true });
    }
  }
}

/** Whether what is pasted at `target` is meant for an editor. */
function isEditor(target) {
  if (document.designMode === 'on') return true;
  return target instanceof Element && (target.isContentEditable || target.closest(EDITORS) !== null);
}

function carriesFiles(transfer) {
  return [...(transfer?.types ?? [])].includes('Files');
}

if (globalThis.customElements && !customElements.get('image-shoal')) {
  customElements.define('image-shoal', ImageShoal);
}
