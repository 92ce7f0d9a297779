import type { Output } from './context.ts';

/**
 * Whether to colour what goes to `output`: `--no-color` and a non-empty `NO_COLOR` (no-color.org) say no; `FORCE_COLOR` (force-color.org)
 * says yes, `0` or `false` no; else a terminal that is not `dumb` is coloured, a pipe is not.
 */
export function wantsColor(
  flag: boolean,
  output: Output,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  const forced = env.FORCE_COLOR;
  if (!flag || (env.NO_COLOR ?? '') !== '') return false;
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  return output.isTTY && env.TERM !== 'dumb';
}
