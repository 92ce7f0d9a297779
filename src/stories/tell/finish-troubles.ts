import { SECOND } from '../../lib/time.ts';
import type { Severity, Trouble } from '../story.ts';
import { type Draft, originOf } from './draft.ts';
import type { OpenTrouble } from './follow-matters.ts';
import { GRACE } from './limits.ts';
import { readFailure } from './read-failure.ts';
import { stableId } from './stable-id.ts';

/** Says what went wrong in a trouble: what of it, since when, the first error in full and the latest. */
export function finishTrouble(trouble: OpenTrouble, drafts: readonly Draft[]): Trouble | undefined {
  const telling = trouble.atoms.filter((atom) => !atom.reason.echo);
  const told = telling.length > 0 ? telling : trouble.atoms;
  const [first, last] = [told[0], told.at(-1)];
  const [begun, latest] = [trouble.atoms[0], trouble.atoms.at(-1)];
  if (first === undefined || last === undefined || begun === undefined || latest === undefined)
    return undefined;
  const firstError =
    (onlyBacksOff(trouble) ? trouble.ends[0]?.message : firstErrorOf(trouble)?.message) ?? first.message;
  const lastError =
    told.findLast((atom) => atom.reason.reason === firstErrorOf(trouble)?.reason.reason)?.message ?? '';
  return {
    ...readFailure(trouble),
    object: first.object,
    container: trouble.container,
    firstError,
    firstAt: begun.at,
    lastError: lastError === firstError ? '' : lastError,
    lastAt: latest.at,
    count: told.reduce((sum, atom) => sum + atom.count, 0),
    endedAt: trouble.endedAt,
    ended: trouble.ended,
    severity: severityOf(trouble),
    steps: drafts.map((draft) => stableId(`${first.object.cluster}/${originOf(draft)}`)),
  };
}

/** What is tried again as a matter of course. */
const TRIED_AGAIN: ReadonlySet<string> = new Set([
  'mounting',
  'attaching',
  'sandbox',
  'network',
  'scheduling',
]);

function times(trouble: OpenTrouble): number {
  return trouble.atoms.reduce((sum, atom) => sum + atom.count, 0);
}

/** The error that tells most: what ended a container rather than that it is not restarted at once. */
function firstErrorOf(trouble: OpenTrouble): OpenTrouble['atoms'][number] | undefined {
  return (
    trouble.atoms.find((atom) => !atom.reason.echo && !isBackOff(atom.reason.reason)) ??
    trouble.atoms.find((atom) => !atom.reason.echo)
  );
}

/** Nothing failed by itself: a container that ends well, again and again. */
function onlyBacksOff(trouble: OpenTrouble): boolean {
  return (
    trouble.ends.length > 0 &&
    trouble.atoms.every((atom) => atom.reason.echo === true || isBackOff(atom.reason.reason))
  );
}

function isBackOff(reason: string): boolean {
  return reason === 'BackOff';
}

/** A probe that fails for a moment while its container starts keeps nothing from working. */
function severityOf(trouble: OpenTrouble): Severity {
  const severities = trouble.atoms.map((atom) => atom.reason.severity);
  const severity = severities.includes('error')
    ? 'error'
    : (severities.find((each) => each !== 'info') ?? 'info');
  const [first, last] = [trouble.atoms[0], trouble.atoms.at(-1)];
  const lasted = (last?.at ?? 0) - (first?.at ?? 0) + SECOND;
  if (trouble.topic === 'probing') return lasted < GRACE ? 'notice' : severity;
  const isBrief = trouble.ended === 'healed' && (trouble.endedAt ?? 0) - (first?.at ?? 0) < GRACE;
  // What mended itself at once was none.
  if (isBrief && (severity === 'warning' || TRIED_AGAIN.has(trouble.topic))) return 'notice';
  // A Warning of a reason that nobody explains counts once it is said several times.
  return first?.reason.failure === 'warning' && times(trouble) < 3 ? 'notice' : severity;
}
