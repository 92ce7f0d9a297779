import type { Event, Occurrence, RecordedEvent } from '../../events/event.ts';
import { type Micros, type MicrosLength, SECOND } from '../../lib/time.ts';
import { type Change, identifyChange } from '../../objects/change.ts';
import { nameKey, type ObjectId } from '../../objects/object.ts';
import { explainReason } from '../catalogue/find-reason.ts';
import type { Reason } from '../catalogue/reason.ts';
import { describeChange } from './describe-change.ts';
import { type Claim, readClaim } from './read-claim.ts';
import { stableId } from './stable-id.ts';

/** One happening of one Event, or one change: the smallest thing that stories are made of. Repeats of one Event may be parts of different stories. */
export interface Atom {
  readonly object: ObjectId;
  /** Identity of the Event (cluster included) or of the change. */
  readonly source: string;
  /** The stable id of the source: made once, when it is at hand. */
  readonly id: string;
  readonly event: Event | undefined;
  readonly change: Change | undefined;
  /** All happenings of the Event, as they were recorded; of a change none. */
  readonly occurrences: readonly Occurrence[];
  /** Which of them it is. */
  readonly index: number;
  readonly at: Micros;
  readonly precise: boolean;
  /** By how much later it is ordered than `at`: by the rank of its reason, where the second is all that is known. */
  readonly delay: MicrosLength;
  /** Happenings since the one before, this included; 0 where only the message changed. */
  readonly count: number;
  readonly message: string;
  readonly container: string;
  readonly by: string;
  readonly host: string;
  readonly reason: Reason;
  readonly claim: Claim | undefined;
  /** The `nameKey` of what it was done to, where that is an object of the same namespace (or of none); else empty. */
  readonly claimed: string;
}

const COMBINED = '(combined from similar events): ';
const CONTAINER = /\{(.+)\}$/;
const NONE: readonly Occurrence[] = [];
const RANK_LENGTH: MicrosLength = 40_000;

/** The happenings of an Event, in time order. */
export function atomsOfEvent(record: RecordedEvent, source: string, object: ObjectId): Atom[] {
  const { event } = record;
  const { fieldPath } = event.involvedObject;
  const container = fieldPath === '' ? '' : (CONTAINER.exec(fieldPath)?.[1] ?? '');
  const by = event.source.component || event.reportingController;
  const id = stableId(source);
  const { occurrences } = record;
  let [text, meaning] = ['', undefined as ReturnType<typeof readMessage> | undefined];
  return occurrences.map((occurrence, index): Atom => {
    if (meaning === undefined || text !== occurrence.message)
      meaning = readMessage(event, occurrence.message, object);
    text = occurrence.message;
    const { at } = occurrence;
    const precise = at % SECOND !== 0 || event.eventTime !== undefined;
    return {
      object,
      source,
      id,
      event,
      change: undefined,
      occurrences,
      index,
      at,
      precise,
      delay: precise ? 0 : (meaning.reason.rank ?? 0) * RANK_LENGTH,
      count: occurrence.count,
      message: meaning.message,
      container,
      by,
      host: event.source.host,
      reason: meaning.reason,
      claim: meaning.claim,
      claimed: meaning.claimed,
    };
  });
}

/** A change as a happening. */
export function atomOfChange(change: Change): Atom {
  const { at, object } = change;
  const { message, reason, container } = describeChange(change);
  const precise = at % SECOND !== 0;
  const source = identifyChange(change);
  return {
    object,
    source,
    id: stableId(source),
    event: undefined,
    change,
    occurrences: NONE,
    index: 0,
    at,
    precise,
    delay: precise ? 0 : (reason.rank ?? 0) * RANK_LENGTH,
    count: 1,
    message,
    container,
    by: 'manager' in change ? change.manager : '',
    host: '',
    reason,
    claim: undefined,
    claimed: '',
  };
}

/** Since when the happenings that are told at once may have happened: the time of the one before, else of itself. */
export function sinceOf({ occurrences, index, at }: Atom): Micros {
  return occurrences[index - 1]?.at ?? at;
}

/** Happenings as an Event's would be: the Event's own list, where they are all of one and told in its own words. */
export function occurrencesOf(atoms: readonly Atom[]): readonly Occurrence[] {
  const all = atoms[0]?.occurrences ?? NONE;
  const isAll = (atom: Atom, index: number) =>
    atom.occurrences === all && atom.index === index && atom.message === all[index]?.message;
  if (all.length === atoms.length && atoms.every(isAll)) return all;
  return atoms.map(({ at, count, message }) => ({ at, count, message }));
}

/** What it is ordered by. */
export function orderOf({ at, delay }: Pick<Atom, 'at' | 'delay'>): number {
  return at + delay;
}

/** By time, then by what makes the order the same whatever came first. */
export function compareAtoms(a: Atom, b: Atom): number {
  return (
    orderOf(a) - orderOf(b) ||
    (a.reason.rank ?? 0) - (b.reason.rank ?? 0) ||
    (a.source < b.source ? -1 : a.source > b.source ? 1 : 0) ||
    a.index - b.index
  );
}

function readMessage(
  event: Event,
  text: string,
  { cluster, namespace }: ObjectId,
): Pick<Atom, 'message' | 'reason' | 'claim' | 'claimed'> {
  const message = text.startsWith(COMBINED) ? text.slice(COMBINED.length) : text;
  const spoken = message === event.message ? event : { ...event, message };
  const claim = readClaim(event.reason, message);
  const { kind = '', name = '' } = claim ?? {};
  return {
    message,
    reason: explainReason(spoken),
    claim,
    claimed: kind === '' || name === '' ? '' : nameKey({ cluster, kind, namespace, name }),
  };
}
