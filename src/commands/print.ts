import type { Context, Output } from './context.ts';

/** Writes text and waits until the stream takes more: a slow reader slows Hark down, it does not fill its memory. */
export function printText(output: Output, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    output.stream.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

/** A note for the person, on stderr, so that stdout holds data only. The newline is added. */
export function printNote(context: Context, text: string): Promise<void> {
  return printText(context.stderr, `${text}\n`);
}
