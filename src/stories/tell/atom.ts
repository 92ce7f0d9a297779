import type { Event, Occurrence, RecordedEvent } from '../../events/event.ts';
import { type Micros, type MicrosLength, SECOND } from '../../lib/time.ts';
import { type Change, identifyChange } from '../../objects/change.ts';
import type { ObjectId } from '../../objects/object.ts';
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
  /** The Event's first happening, or a change. */
  readonly first: boolean;
  /** The Event's own words on this happening, where they are told as they are. */
  readonly occurrence: Occurrence | undefined;
  readonly at: Micros;
  readonly precise: boolean;
  /** By how much later it is ordered than `at`: by the rank of its reason, where the second is all that is known. */
  readonly delay: MicrosLength;
  /** Happenings since the one before, this included; 0 where only the message changed. */
  readonly count: number;
  /** Since when these may have happened: the time of the happening before, where there was one. */
  readonly since: Micros | undefined;
  readonly message: string;
  readonly container: string;
  readonly by: string;
  readonly host: string;
  readonly reason: Reason;
  readonly claim: Claim | undefined;
}

const COMBINED = '(combined from similar events): ';
const CONTAINER = /\{(.+)\}$/;
const RANK_LENGTH: MicrosLength = 40_000;

/** The happenings of an Event, in time order. */
export function atomsOfEvent(record: RecordedEvent, source: string, object: ObjectId): Atom[] {
  const { event } = record;
  const container = CONTAINER.exec(event.involvedObject.fieldPath)?.[1] ?? '';
  const by = event.source.component || event.reportingController;
  const id = stableId(source);
  let [text, meaning] = ['', undefined as ReturnType<typeof readMessage> | undefined];
  return record.occurrences.map((occurrence, index): Atom => {
    if (meaning === undefined || text !== occurrence.message)
      meaning = readMessage(event, occurrence.message);
    text = occurrence.message;
    const { at } = occurrence;
    const precise = at % SECOND !== 0 || event.eventTime !== undefined;
    return {
      object,
      source,
      id,
      event,
      change: undefined,
      first: index === 0,
      occurrence: meaning.message === occurrence.message ? occurrence : undefined,
      at,
      precise,
      delay: precise ? 0 : (meaning.reason.rank ?? 0) * RANK_LENGTH,
      count: occurrence.count,
      since: record.occurrences[index - 1]?.at,
      message: meaning.message,
      container,
      by,
      host: event.source.host,
      reason: meaning.reason,
      claim: meaning.claim,
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
    first: true,
    occurrence: undefined,
    at,
    precise,
    delay: precise ? 0 : (reason.rank ?? 0) * RANK_LENGTH,
    count: 1,
    since: undefined,
    message,
    container,
    by: 'manager' in change ? change.manager : '',
    host: '',
    reason,
    claim: undefined,
  };
}

/** A happening as an Event's would be. */
export function occurrenceOf({ occurrence, at, count, message }: Atom): Occurrence {
  return occurrence ?? { at, count, message };
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
    Number(b.first) - Number(a.first)
  );
}

function readMessage(event: Event, text: string): Pick<Atom, 'message' | 'reason' | 'claim'> {
  const message = text.startsWith(COMBINED) ? text.slice(COMBINED.length) : text;
  const spoken = message === event.message ? event : { ...event, message };
  return {
    message,
    reason: explainReason(spoken),
    claim: readClaim(event.reason, message),
  };
}
