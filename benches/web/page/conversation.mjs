// Requests to a worker and its replies, matched by id.

export class Conversation {
  #worker;
  #lastId = 0;
  #open = new Map();
  #ready;

  /**
   * `answerOf` converts a message's data to `{ id, value }` or `{ id, error }`. The worker's first message means that it is
   * ready.
   */
  constructor(url, answerOf) {
    this.#worker = new Worker(url, { type: 'module' });
    this.#ready = new Promise((resolve, reject) => {
      this.#worker.onerror = (event) => {
        const error = new Error(`${url}: ${event.message ?? 'could not be loaded'}`);
        reject(error);
        this.#open.forEach((question) => question.reject(error));
      };
      this.#worker.onmessage = ({ data }) => {
        // A sign of life while the program loads.
        if (data.loading) return;
        if (data.crashed) {
          this.#worker.onerror({ message: data.crashed });
          return;
        }
        resolve();
        const { id, value, error } = answerOf(data);
        const question = this.#open.get(id);
        this.#open.delete(id);
        if (error) question?.reject(new Error(error));
        else question?.resolve(value);
      };
    });
  }

  /** Posts `{ id, ...message }` and resolves with the value of the reply. */
  async ask(message) {
    await this.#ready;
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#open.set(id, { resolve, reject });
      this.#worker.postMessage({ id, ...message });
    });
  }

  close() {
    this.#worker.terminate();
  }
}
