// The entry: defines <image-shoal> and exports the headless Shoal. Everything else is Rust, in app.js and its wasm.

const BUILD_QUERY = '?v=__BUILD_ID__';
const ATTRIBUTES = [
  'k', 'seed', 'backend', 'workers', 'size', 'features', 'recipe', 'method', 'asset-base', 'weights-url', 'remember',
];
/** Members that wait for the program and are handed on to it as they are; `move` is a word that wasm-bindgen keeps. */
const HANDED_ON = {
  cluster: 'cluster', move: 'movePictures', rename: 'rename', merge: 'merge', split: 'split', newCluster: 'newCluster',
  lock: 'lock', undo: 'undo', redo: 'redo', adoptFolders: 'adoptFolders', join: 'join', neighbours: 'neighbours',
  duplicates: 'duplicates', exportZip: 'exportZip', exportFolder: 'exportFolder', exportScripts: 'exportScripts',
  exportPlot: 'exportPlot', exportReport: 'exportReport', exportSession: 'exportSession', importSession: 'importSession',
  exportFeatures: 'exportFeatures', importFeatures: 'importFeatures', forget: 'forget',
};

// A program of one SIMD instruction (i8x16.splat), to ask the engine whether it knows them.
const SIMD_PROBE = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11,
);

let program;

/** Loads the program once for all elements of a page. */
async function loadProgram(base) {
  if (!globalThis.WebAssembly?.validate(SIMD_PROBE)) {
    const needed = 'WebAssembly with SIMD, which Chrome has from 91, Firefox from 89 and Safari from 16.4';
    throw failure('browser-unsupported', `this browser is too old for Shoal: it takes ${needed}`);
  }
  const { default: init, ...exports } = await import(new URL(`app.js${BUILD_QUERY}`, base).href);
  await init({ module_or_path: new URL(`app_bg.wasm${BUILD_QUERY}`, base) });
  return exports;
}

/** The folder that the program's files lie in: this one's own, unless an attribute names another. Ends in a slash. */
const assetBase = (attribute) => new URL(`${attribute || '.'}/`.replace(/\/+$/, '/'), import.meta.url).href;

function failure(code, message) {
  return Object.assign(new Error(message), { code });
}

/** What was dropped or pasted, as an array: a DataTransfer is empty as soon as its event is over. */
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

/** Has an event's detail be the result, which is made for whoever looks at it first: it is large. */
function withResult(event, shoal) {
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
      if (detail === undefined) withResult(event, this);
      (target ?? this).dispatchEvent(event);
    };
    this.settings = new Map(Object.entries(options).map(([name, value]) => [name, String(value)]));
    this.#loaded = this.#load(emit);
    // Whoever asks for `ready` learns of a failure; that nobody asked is no error of its own.
    this.#loaded.catch(() => {});
  }

  get #base() {
    return assetBase(this.settings.get('asset-base'));
  }

  async #load(emit) {
    // In the next task, so that the attributes of an element made by script are all set.
    await new Promise((resolve) => { setTimeout(resolve); });
    program ??= loadProgram(this.#base);
    let exports;
    try {
      exports = await program;
    } catch (error) {
      program = undefined;
      const refused = error.code ? error
        : failure('program-unreachable', `the program could not be loaded: ${error.message}`);
      emit('error', { code: refused.code, message: refused.message });
      throw refused;
    }
    if (this.#closed) {
      throw failure('cancelled', 'closed before it was loaded');
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

  /** Changes an attribute; it holds from the next call on. */
  set(name, value) {
    if (value === null || value === undefined) {
      this.settings.delete(name);
    } else {
      this.settings.set(name, String(value));
    }
    this.#forward(name, value);
  }

  /** Resolves with the engine's facts once it can be used. Asked again after a failure, it tries again. */
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

  /** Where the workers' time went since the collection was last empty: milliseconds, summed over pictures. */
  get timings() {
    return this.#engine?.timings ?? null;
  }

  async add(files) {
    const sources = snapshot(files);
    return (await this.#started()).add(sources);
  }

  /** For the element: starts what embeds, unless what was remembered is shown without it. */
  async warm() {
    const engine = await this.#started();
    if (!this.settings.has('remember') || !(await engine.restored())) await this.ready;
  }

  /** Hands a call on once the program is there. */
  async call(member, values) {
    return (await this.#started())[member](...values);
  }

  /** Sets pictures aside: they are in no cluster. */
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

  /** For the element: puts the interface into `root`. */
  async mount(root) {
    (await this.#started()).mount(root);
  }

  /** For the element: takes what a person dropped or pasted. */
  async receive(files) {
    const sources = snapshot(files);
    (await this.#started()).receive(sources);
  }
}

for (const [name, member] of Object.entries(HANDED_ON)) {
  Shoal.prototype[name] = async function handedOn(...values) {
    return this.call(member, values);
  };
}

/** The widget: the interface in a shadow root, over a Shoal. A server that renders pages may import it, but not make one. */
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
    // Shown until the program has come: the element takes drops from the first moment on.
    this.#root.innerHTML = '<div class="skeleton"><p>Drop a folder of pictures here</p></div>';
    // Not before its looks are there, lest it jumps; without them rather than never.
    this.#root.hidden = true;
    for (const type of ['load', 'error']) this.#sheet.addEventListener(type, () => { this.#root.hidden = false; });
    shadow.append(this.#sheet, this.#root);
    this.addEventListener('dragenter', (event) => this.#dragged(event, 1));
    this.addEventListener('dragleave', (event) => this.#dragged(event, -1));
    this.addEventListener('dragover', (event) => this.#dragged(event, 0));
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
    const typing = element instanceof HTMLElement && element.matches('input[type=text], textarea, [contenteditable]');
    if (!typing && event.clipboardData && carriesFiles(event.clipboardData)) {
      event.preventDefault();
      this.#receive(event.clipboardData);
    }
  };

  #dragged(event, step) {
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
    // Only here, since an element made by script gets its attributes after its constructor has run.
    this.#sheet.href = new URL(`image-shoal.css${BUILD_QUERY}`, assetBase(this.getAttribute('asset-base'))).href;
    const fresh = !this.#shoal;
    const engine = this.#engine;
    if (fresh) {
      engine.mount(this.#root).catch((error) => {
        this.#root.querySelector('.skeleton p').textContent = error.message;
      });
      engine.warm().catch(() => {});
    }
  }

  disconnectedCallback() {
    document.removeEventListener('paste', this.#onPaste);
    // Moved within the page, it is back by the next microtask and keeps everything.
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
    const members = ['add', 'setAside', 'cancel', 'clear', ...Object.keys(HANDED_ON)];
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
