import { HarkError } from './errors.ts';

/** Collects a flag that may be repeated and holds commas: `--reason BackOff,Failed --reason Killing`. For commander's `option`. */
export function collectList(value: string, previous: readonly string[] = []): string[] {
  const words = value.split(',').map((word) => word.trim());
  return [...previous, ...words.filter((word) => word !== '')];
}

/**
 * Reads a whole number from 1 on.
 *
 * @throws HarkError `usage` otherwise
 */
export function parseCount(value: string, what: string): number {
  const count = /^\d+$/.test(value.trim()) ? Number(value) : 0;
  if (count >= 1 && Number.isSafeInteger(count)) return count;
  throw new HarkError('usage', `${what} "${value}" is not a whole number of at least 1`, {
    hint: `For example: ${what} 100`,
  });
}

/**
 * Reads a regular expression: JavaScript's, with Unicode rules; `(?i)` before it makes it blind to case, as in grep and Go.
 *
 * @throws HarkError `usage` when it is none
 */
export function parsePattern(value: string, what: string): RegExp {
  const [blind, source] = value.startsWith('(?i)') ? [true, value.slice(4)] : [false, value];
  try {
    return new RegExp(source, blind ? 'iu' : 'u');
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^.*: /, '') : String(error);
    throw new HarkError('usage', `${what} "${value}" is no regular expression: ${why}`, {
      hint: `For example: ${what} "pull.*denied", ${what} "(?i)oom"; put \\ before . ( [ { * + ? | $ ^ to mean the sign itself`,
    });
  }
}
