import type { KubeAnswer } from '../../src/kube-api/kube-api.ts';
import type { Json } from './open-api.ts';

/** How long is waited for a line that must come. */
const PATIENCE_MS = 120_000;

/** Reads a watch line by line. `next` gives the next one, parsed; undefined when the watch has ended. To be closed. */
export function readLines(body: KubeAnswer['body']): { next(): Promise<Json>; close(): void } {
  const pieces = (typeof body === 'string' ? toPieces(body) : body)[Symbol.asyncIterator]();
  let lines: string[] = [];
  return {
    close: () => void pieces.return?.(),
    async next() {
      while (lines.length === 0) {
        const { done, value } = await withPatience(pieces.next());
        if (done === true) return undefined;
        lines = value.trimEnd().split('\n');
      }
      return JSON.parse(lines.shift() ?? '');
    },
  };
}

async function* toPieces(text: string): AsyncGenerator<string> {
  yield text;
}

async function withPatience<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no line came within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
