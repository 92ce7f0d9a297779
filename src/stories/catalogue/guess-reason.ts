import type { Spoken } from './find-reason.ts';
import type { Matter, Reason } from './reason.ts';

const FAILING =
  /fail|error|unable|cannot|invalid|denied|refused|missing|unhealthy|notready|timeout|exceeded|abort/i;
const ENDING = /succe|complete|finished|ready$|healthy$|recovered|resolved|done$/i;
const BEGINNING = /^(start|creating|begin|progressing|pending|waiting)|ing$/i;
const NOISE =
  /fail(ed|ure|s)?|error(s|ed)?|succe(ss(ful(ly)?)?|eded|ed|eds)|complet(e|ed)|finished|start(ed|ing)?|not(?=ready)/gi;

/**
 * What a reason that the catalogue does not know may mean, by the words in it and by the Event's type: a Warning is a failure that counts as
 * over once it is not repeated; `FooFailed` and `FooSucceeded`, `FailedFoo` and `SuccessfulFoo` speak of one matter.
 */
export function guessReason(event: Spoken): Reason {
  const { reason, type } = event;
  const base = { reason, means: '' };
  // The matter goes by the reason's stem: not one of the catalogue's topics, so that neither closes the other's.
  const topic: Matter = `?${stemOf(reason)}`;
  if (type === 'Warning' || (type !== 'Normal' && FAILING.test(reason)))
    return { ...base, severity: 'warning', topic, does: 'fails', failure: 'warning', over: 'quiet' };
  if (FAILING.test(reason)) return { ...base, severity: 'notice' };
  if (ENDING.test(reason)) return { ...base, severity: 'info', topic, does: 'ends' };
  if (BEGINNING.test(reason)) return { ...base, severity: 'info', topic, does: 'begins' };
  return { ...base, severity: 'info' };
}

/** `SyncFailed`, `FailedSync` and `SyncSucceeded` have the stem `sync`. */
function stemOf(reason: string): string {
  return reason.replace(NOISE, '').toLowerCase() || reason.toLowerCase();
}
