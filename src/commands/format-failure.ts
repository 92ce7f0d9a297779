import { type ExitCode, HarkError } from '../lib/errors.ts';
import { makeSafe } from '../lib/safe-text.ts';

/** Exit code of a bug (EX_SOFTWARE): none of the documented answers, so that no script takes it for one. */
export const EXIT_BUG = 70;

/**
 * What is printed for an error that ended a command: an expected one as message, hint and underlying error; any other as a bug with how to
 * report it. The stack is shown only when `verbose`.
 */
export function formatFailure(error: unknown, programName: string, verbose: boolean): string {
  const stack = verbose && error instanceof Error ? `\n${indent(error.stack ?? '')}` : '';
  if (error instanceof HarkError) {
    const hint = error.hint === '' ? '' : `\n${indent(error.hint)}`;
    return makeSafe(`hark: ${error.message}${formatCause(error)}${hint}${stack}\n`, { newlines: true });
  }
  const again = verbose ? '' : `, and what the same command prints with -v`;
  const text =
    `hark: this is a bug in Hark: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}\n` +
    `  Nothing you typed should cause it. Please report it, with what you typed, what ${programName} version prints${again}.${stack}\n`;
  return makeSafe(text, { newlines: true });
}

export function exitCodeOf(error: unknown): ExitCode | typeof EXIT_BUG {
  return error instanceof HarkError ? error.exitCode : EXIT_BUG;
}

function formatCause(error: HarkError): string {
  const { cause } = error;
  if (!(cause instanceof Error) || cause.message === '' || error.message.includes(cause.message)) return '';
  return ` (${cause.message})`;
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}
