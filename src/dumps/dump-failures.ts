import { HarkError } from '../lib/errors.ts';
import { quoteWord } from '../lib/quote-word.ts';
import type { Format } from './detect-format.ts';
import { isFileError } from './walk-directory.ts';

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'its symbolic links lead in a circle',
  EISDIR: 'it is a directory',
};

/** Why the file system refused. */
export function wordFileError(error: unknown): string {
  const code = isFileError(error) ? (error.code ?? '') : '';
  return WORDS[code] ?? String(error instanceof Error ? error.message : error);
}

/** The input itself cannot be opened. */
export function cannotOpen(path: string, cause: unknown): HarkError {
  const missing = isFileError(cause) && cause.code === 'ENOENT';
  return new HarkError(
    missing ? 'no-such-file' : 'unreadable-file',
    `cannot read "${path}": ${wordFileError(cause)}`,
    {
      hint: missing
        ? 'Check the path; "-" reads standard input.'
        : 'Check who may read it: ls -ld, on it and on the directories above.',
      // What the system says is told in words above.
      ...(isFileError(cause) && cause.code !== undefined && cause.code in WORDS ? {} : { cause }),
    },
  );
}

/**
 * A file that somebody named is of no format that is read.
 *
 * @param damaged whether it had to be unpacked, and could not be
 */
export function unknownFormat(name: string, format: Format, damaged: boolean): HarkError {
  const cannot = `cannot read Events from "${name}": it is`;
  const hint = 'Save Events with: kubectl get events -A -o json > events.json';
  if (format.type === 'refused')
    return new HarkError('unknown-format', `${cannot} ${format.what}`, {
      hint: name === '-' ? format.instead : format.instead.replaceAll('FILE', () => quoteWord(name)),
    });
  if (format.type === 'empty')
    return new HarkError(
      'empty-file',
      `${cannot} ${damaged ? 'damaged, nothing of it can be unpacked' : 'empty'}`,
      { hint },
    );
  return new HarkError(
    'unknown-format',
    `${cannot} neither JSON nor YAML, nor a directory or archive that holds any`,
    { hint },
  );
}
