import { gatherBytes } from './gather-bytes.ts';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

export interface LineSplitter {
  /**
   * Takes the next bytes and returns the lines they complete, without their line ends; empty lines are left out.
   * A line that lies whole in `chunk` is a view of it (no copy): the caller must not overwrite a chunk it has handed in.
   */
  push(chunk: Uint8Array): Uint8Array[];
  /** The last line when the bytes ended without a line end; undefined when there is none. The splitter is empty afterwards. */
  end(): Uint8Array | undefined;
  /** Lines left out so far because they were longer than `maxBytes`. */
  skipped(): number;
}

/**
 * Splits a stream of bytes at `\n` or `\r\n`. Works on bytes, so a chunk may end anywhere, in the middle of a UTF-8 character too.
 * Holds at most `maxBytes` and one chunk.
 *
 * @param maxBytes longer lines are skipped and counted; default 16 MiB (etcd refuses objects over 1.5 MiB)
 */
export function splitLines(maxBytes = 16 * 1024 * 1024): LineSplitter {
  const pending = gatherBytes(maxBytes + 1);
  let skipped = 0;

  function end(): Uint8Array | undefined {
    const line = trimCarriageReturn(pending.take());
    if (line !== undefined && line.length <= maxBytes) return line.length === 0 ? undefined : line;
    skipped += 1;
    return undefined;
  }

  function push(chunk: Uint8Array): Uint8Array[] {
    const lines: Uint8Array[] = [];
    let start = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, start)) {
      pending.add(chunk.subarray(start, at));
      const line = end();
      if (line !== undefined) lines.push(line);
      start = at + 1;
    }
    if (start < chunk.length) pending.add(chunk.subarray(start));
    return lines;
  }

  return { push, end, skipped: () => skipped };
}

function trimCarriageReturn(line: Uint8Array | undefined): Uint8Array | undefined {
  return line?.[line.length - 1] === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
}
