/** A queue of one place per giver: each waits until its value is taken. */
export interface Channel<T> {
  /** Resolves when the value was taken and the reader asks for the next, or the channel closed. */
  put(value: T): Promise<void>;
  /** Ends the reading, with an error when one is given; what waits to be taken is taken first. */
  close(error?: unknown): void;
  /** Reads until the channel is closed; one reader. */
  values(): AsyncGenerator<T, void, undefined>;
}

interface Waiting<T> {
  readonly value: T;
  readonly taken: () => void;
}

/** Joins what several loops give into one stream that holds back the faster ones. */
export function createChannel<T>(): Channel<T> {
  const waiting: Waiting<T>[] = [];
  let closed: { readonly error: unknown } | undefined;
  let wake = () => {};

  async function* values(): AsyncGenerator<T, void, undefined> {
    for (;;) {
      const next = waiting.shift();
      if (next !== undefined) {
        try {
          yield next.value;
        } finally {
          next.taken();
        }
      } else if (closed === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      } else {
        if (closed.error !== undefined) throw closed.error;
        return;
      }
    }
  }

  return {
    put(value) {
      if (closed !== undefined) return Promise.resolve();
      return new Promise((taken) => {
        waiting.push({ value, taken });
        wake();
      });
    },
    close(error) {
      closed ??= { error };
      for (const { taken } of waiting) taken();
      wake();
    },
    values,
  };
}
