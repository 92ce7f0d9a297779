import { compareText } from '../events/compare-events.ts';
import { compareResourceVersions } from '../events/resource-version.ts';
import { type Micros, SECOND } from '../lib/time.ts';
import type { Change } from './change.ts';
import { sortFields } from './changes-of-spec.ts';

/**
 * What two reports of the same change (`identifyChange`) tell together, whichever came first: what was heard as it happened counts for more
 * than what was concluded later from how an object looks; then the earlier, then the one that tells more. Two writes of a spec by one manager
 * within one second are one change of all that they set; a container that fails to get its image again and again waits since the first time. The same in any order and any number of times.
 */
export function mergeChanges(a: Change, b: Change): Change {
  if (isHeard(a) !== isHeard(b)) return isHeard(a) ? a : b;
  if (a.type === 'spec-changed' && b.type === 'spec-changed' && isHeard(a)) return joinSpecChanges(a, b);
  if (a.type === 'condition-changed' && isHeard(a)) return compareTransitions(a, b) <= 0 ? a : b;
  return compareReports(a, b) <= 0 ? a : b;
}

/** Whether it was heard as it happened: then the object's version is known. */
function isHeard(change: Change): boolean {
  return change.resourceVersion !== '';
}

type SpecChange = Extract<Change, { type: 'spec-changed' }>;

function joinSpecChanges(a: SpecChange, b: SpecChange): SpecChange {
  const [first, other] = compareReports({ ...a, fields: [] }, { ...b, fields: [] }) <= 0 ? [a, b] : [b, a];
  const isLater = compareResourceVersions(first.resourceVersion, other.resourceVersion) >= 0;
  return {
    ...first,
    resourceVersion: isLater ? first.resourceVersion : other.resourceVersion,
    fields: sortFields([...first.fields, ...other.fields]),
  };
}

/** The better one first: of a condition that changed and changed back within one second, its last change, as that is what it is now. */
function compareTransitions(a: Change, b: Change): number {
  return (
    isCut(a.at) - isCut(b.at) ||
    compareResourceVersions(b.resourceVersion, a.resourceVersion) ||
    compareReports(a, b)
  );
}

/** The better one first. */
function compareReports(a: Change, b: Change): number {
  if (a.at !== b.at) return compareMoments(a.at, b.at);
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  return countValues(b) - countValues(a) || right.length - left.length || compareText(left, right);
}

/** Values tell more than the names of fields: `image a → b` than `template.spec.containers[web].image`. */
function countValues(change: Change): number {
  if (!('fields' in change)) return 0;
  return change.fields.filter(({ from, to }) => from !== '' || to !== '').length;
}

/** The earlier one first; of times within a second, the whole second last: it is only the time cut. */
function compareMoments(a: Micros, b: Micros): number {
  const [left, right] = [Math.floor(a / SECOND), Math.floor(b / SECOND)];
  if (left !== right) return left - right;
  return isCut(a) - isCut(b) || a - b;
}

/** 1 for a whole second: most likely only the time cut to it. */
function isCut(time: Micros): number {
  return Number(time % SECOND === 0);
}
