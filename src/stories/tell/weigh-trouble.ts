import { SECOND } from '../../lib/time.ts';
import type { Severity } from '../story.ts';
import type { OpenTrouble } from './follow-matters.ts';
import { GRACE } from './limits.ts';

/** What is tried again as a matter of course. */
const TRIED_AGAIN: ReadonlySet<string> = new Set([
  'mounting',
  'attaching',
  'sandbox',
  'network',
  'scheduling',
]);

/** How much a trouble matters: what lasted for a moment only (a probe that fails while its container starts) keeps nothing from working. */
export function weighTrouble(trouble: OpenTrouble): Severity {
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

function times(trouble: OpenTrouble): number {
  return trouble.atoms.reduce((sum, atom) => sum + atom.count, 0);
}
