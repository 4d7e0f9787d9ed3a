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
  duplicates: 'duplicates', exportZip: 'exportZip', exportFolder: 'exportFolder', exportScripts: 'exportScripts',
  exportPlot: 'exportPlot', exportReport: 'exportReport', exportSession: 'exportSession', importSession: 'importSession',
  exportFeatures: 'exportFeatures', importFeatures: 'importFeatures', forget: 'forget',
};

// A module with one SIMD instruction (i8x16.splat), which validates only where SIMD is supported.
const SIMD_PROBE = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11,
);

let program;

/** Loads the program, which all elements of a page share. */
async function loadProgram(base) {
  if (!globalThis.WebAssembly?.validate(SIMD_PROBE)) {
    const needed = 'WebAssembly with SIMD: Chrome 91, Firefox 89, Safari 16.4 or later';
    throw codedError('browser-unsupported', `this browser is too old for Shoal, which needs ${needed}`);
  }
  const { default: init, ...exports } = await import(new URL(`app.js${BUILD_QUERY}`, base).href);
  await init({ module_or_path: new URL(`app_bg.wasm${BUILD_QUERY}`, base) });
  return exports;
}

/** The URL of the folder with the program's files, ending in a slash: this module's own unless `asset-base` names another. */
const assetBase = (attribute) => new URL(`${attribute || '.'}/`.replace(/\/+$/, '/'), import.meta.url).href;

function codedError(code, message) {
  return Object.assign(new Error(message), { code });
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

/** The engine without an interface: the same members and events as the element. */
export class Shoal extends EventTarget {
  #engine;
  #loaded;
  #ready;
  #closed = false;

  constructor(options = {}, target = null) {
    super();
    const emit = (type, detail) => {
      const event = new CustomEvent(type, { detail, bubbles: true, composed: true });
      if (detail === undefined) defineResultDetail(event, this);
      (target ?? this).dispatchEvent(event);
    };
    this.settings = new Map(Object.entries(options).map(([name, value]) => [name, String(value)]));
    this.#loaded = this.#load(emit);
    // `ready` and every call reject with this failure; without a caller it must not count as an unhandled rejection.
    this.#loaded.catch(() => {});
  }

  get #base() {
    return assetBase(this.settings.get('asset-base'));
  }

  async #load(emit) {
    // Waits one task, so that a script that creates the element can set its attributes first.
    await new Promise((resolve) => { setTimeout(resolve); });
    program ??= loadProgram(this.#base);
    let exports;
    try {
      exports = await program;
    } catch (error) {
      program = undefined;
      const coded = error.code ? error
        : codedError('program-unreachable', `the program could not be loaded: ${error.message}`);
      emit('error', { code: coded.code, message: coded.message });
      throw coded;
    }
    if (this.#closed) {
      throw codedError('cancelled', 'closed before it was loaded');
    }
    this.#engine = new exports.ShoalEngine(BUILD_QUERY, emit);
    for (const [name, value] of this.settings) {
      this.#forward(name, value);
    }
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
      this.#ready = this.#loaded.then((engine) => {
        this.#forward('asset-base');
        return engine.start();
      });
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

  async add(files) {
    const sources = snapshot(files);
    return (await this.#started()).add(sources);
  }

  /** For the element: starts the workers and loads the network, unless a stored session is shown, which needs neither. */
  async warm() {
    const engine = await this.#started();
    if (!this.settings.has('remember') || !(await engine.restored())) await this.ready;
  }

  /** Calls a member of the program once it is loaded. */
  async call(member, values) {
    return (await this.#started())[member](...values);
  }

  /** Sets images aside: they belong to no cluster and take no part in clustering. */
  async setAside(paths) {
    return this.move(paths, null);
  }

  cancel() {
    this.#engine?.cancel();
  }

  clear() {
    this.#engine?.clear();
  }

  /** Ends the workers and frees everything. */
  close() {
    this.#closed = true;
    this.#engine?.dispose();
  }

  async #started() {
    const engine = await this.#loaded;
    this.#forward('asset-base');
    return engine;
  }

  /** For the element: renders the interface into `root`. */
  async mount(root) {
    (await this.#started()).mount(root);
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
    this.#root.innerHTML = '<div class="skeleton"><p>Drop a folder of pictures here</p></div>';
    // Hidden until the style sheet has loaded or failed, so that the layout does not jump.
    this.#root.hidden = true;
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

  #receive(files) {
    this.#engine.receive(files).catch(() => {});
  }

  #onPaste = (event) => {
    const [element] = event.composedPath();
    const isTextField = element instanceof HTMLElement && element.matches('input[type=text], textarea, [contenteditable]');
    if (!isTextField && event.clipboardData && carriesFiles(event.clipboardData)) {
      event.preventDefault();
      this.#receive(event.clipboardData);
    }
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
    const isNew = !this.#shoal;
    const engine = this.#engine;
    if (isNew) {
      engine.mount(this.#root).catch((error) => {
        this.#root.querySelector('.skeleton p').textContent = error.message;
      });
      engine.warm().catch(() => {});
    }
  }

  disconnectedCallback() {
    document.removeEventListener('paste', this.#onPaste);
    // An element that is moved within the page is connected again before the next microtask, and keeps its state.
    queueMicrotask(() => {
      if (!this.isConnected) {
        this.#shoal?.close();
        this.#shoal = undefined;
        this.#root.replaceChildren();
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

function carriesFiles(transfer) {
  return [...(transfer?.types ?? [])].includes('Files');
}

if (globalThis.customElements && !customElements.get('image-shoal')) {
  customElements.define('image-shoal', ImageShoal);
}
