const START = /^==== START (logs for container .* of pod .* ====)\r?$/;

/**
 * `kubectl cluster-info dump` prints the logs of containers between its JSON or YAML documents, framed by a line that begins `==== START logs`
 * and its counterpart, which follows the log at once: on the log's last line, where that has no line end.
 *
 * @param line a line of the dump
 * @returns the text that ends the logs which begin after the line; undefined when none do
 */
export function readLogsStart(line: string): string | undefined {
  const start = START.exec(line)?.[1];
  return start === undefined ? undefined : `==== END ${start}`;
}

/**
 * Finds `text` in bytes that come in chunks.
 *
 * @returns a function of a chunk and where to begin in it: the index after the text, or -1: go on with the next chunk from 0
 */
export function findText(text: string): (chunk: Uint8Array, from: number) => number {
  const wanted = Buffer.from(text);
  let tail = Buffer.alloc(0);
  return (chunk, from) => {
    const seen = Buffer.concat([tail, chunk.subarray(from)]);
    const at = seen.indexOf(wanted);
    if (at !== -1) return from + at + wanted.length - tail.length;
    tail = seen.subarray(Math.max(0, seen.length - wanted.length + 1));
    return -1;
  };
}
