import type { Micros } from '../../lib/time.ts';
import type { Matter as Topic } from '../catalogue/reason.ts';
import { type Atom, sinceOf } from './atom.ts';
import type { Horizon } from './horizon.ts';
import { HANDOVER, QUIET } from './limits.ts';

/** An activity of one matter: begun, and ended or not. */
export interface Activity {
  readonly topic: Topic;
  readonly container: string;
  readonly begunBy: Atom;
  endsAt: Micros | undefined;
  /** `superseded`: its object was gone before it ended; `unknown`: nothing more was heard. */
  outcome: 'succeeded' | 'failed' | 'in progress' | 'superseded' | 'unknown';
}

/** What went wrong with one matter, until it was well. */
export interface OpenTrouble {
  readonly topic: Topic;
  readonly container: string;
  /** The happenings that tell of it, in order; at least one. */
  readonly atoms: Atom[];
  /** How the container had ended before each, where that was no failure by itself. */
  readonly ends: Atom[];
  endedAt: Micros | undefined;
  ended: 'healed' | 'gone' | 'silent' | undefined;
  endedBy: Atom | undefined;
}

export interface FollowedMatters {
  readonly activities: readonly Activity[];
  readonly troubles: readonly OpenTrouble[];
  /** For each happening, what was open when it came: something that only an end can close, something that may pass, or nothing. */
  readonly openBefore: readonly Openness[];
}

export type Openness = 'held' | 'open' | 'well';

interface Matter {
  readonly topic: Topic;
  readonly container: string;
  running: Activity[];
  trouble: OpenTrouble | undefined;
  lastEnd: Atom | undefined;
}

const OF_CONTAINERS: ReadonlySet<Topic> = new Set([
  'pulling',
  'configuring',
  'starting',
  'running',
  'probing',
  'hooks',
  'killing',
]);
/** Activities of which the end may never be told: what happens during them may be another story. */
export const PASSING: ReadonlySet<Topic | undefined> = new Set([
  'killing',
  'node-boot',
  'node-cordon',
  'node-shutdown',
]);
/** What heals and fails again in turns: well only once it stayed so for a while. */
const FLAPPING: ReadonlySet<Topic> = new Set(['running', 'starting', 'probing', 'hooks']);

/**
 * Follows the matters of one object through its happenings: what each begins, fails and ends, by the catalogue.
 *
 * A failure that comes back within `QUIET` after its matter was well is the same trouble going on.
 *
 * @param atoms all that happened to one incarnation of an object, in order
 * @param endingAt when the object's end began, if it did: then nothing is open any more
 * @param goneAt when it was seen to be gone
 * @param isFollowed which happenings count; all but those that only come with being stopped
 */
export function followMatters(
  atoms: readonly Atom[],
  endingAt: Micros | undefined,
  goneAt: Micros | undefined,
  horizon: Horizon,
  isFollowed: (atom: Atom) => boolean,
): FollowedMatters {
  const matters: Matter[] = [];
  const activities: Activity[] = [];
  const troubles: OpenTrouble[] = [];
  const openBefore = atoms.map((atom) => {
    const openness = opennessOf(matters, atom);
    if (isFollowed(atom)) follow(matters, atom, activities, troubles);
    return openness;
  });
  for (const activity of activities)
    settleActivity(activity, activity.topic === 'killing' ? goneAt : endingAt, horizon);
  for (const trouble of troubles) settleTrouble(trouble, endingAt, horizon);
  return { activities, troubles, openBefore };
}

function follow(matters: Matter[], atom: Atom, activities: Activity[], troubles: OpenTrouble[]): void {
  const { topic, does, closes } = atom.reason;
  if (closes !== undefined) for (const closed of closes) endTopic(matters, closed, atom);
  if (topic === undefined && atom.change?.type === 'container-terminated')
    matterOf(matters, 'running', atom).lastEnd = atom;
  if (topic === undefined || does === undefined) return;
  if (does === 'ends') endTopic(matters, topic, atom);
  else if (does === 'fails') fail(matterOf(matters, topic, atom), atom, troubles);
  else begin(matterOf(matters, topic, atom), atom, activities);
}

/** Ends the matter of a topic: that of the container; of all containers, when none is named. */
function endTopic(matters: readonly Matter[], topic: Topic, by: Atom): void {
  for (const matter of matters)
    if (
      matter.topic === topic &&
      (matter.container === by.container || !OF_CONTAINERS.has(topic) || by.container === '')
    )
      end(matter, by);
}

function matterOf(matters: Matter[], topic: Topic, atom: Atom): Matter {
  const container = OF_CONTAINERS.has(topic) ? atom.container : '';
  const known = matters.find((matter) => matter.topic === topic && matter.container === container);
  if (known !== undefined) return known;
  const matter: Matter = { topic, container, running: [], trouble: undefined, lastEnd: undefined };
  matters.push(matter);
  return matter;
}

function opennessOf(matters: readonly Matter[], atom: Atom): Openness {
  let openness: Openness = 'well';
  for (const { trouble, running } of matters) {
    if (running.some((activity) => !PASSING.has(activity.topic))) return 'held';
    const last = trouble?.endedAt === undefined ? trouble?.atoms.at(-1) : undefined;
    if (last === undefined) continue;
    if (last.reason.over !== 'quiet') return 'held';
    if (!isQuietBefore(atom, last.at)) openness = 'open';
  }
  return openness;
}

/** Begins an activity; one that is said to go on is none. Of one that begins anew while another runs, the end of that was not told. */
function begin(matter: Matter, atom: Atom, activities: Activity[]): void {
  const { topic, container, running } = matter;
  if (running.some((activity) => activity.begunBy.source === atom.source)) return;
  for (const activity of running) activity.outcome = 'unknown';
  const activity: Activity = { topic, container, begunBy: atom, endsAt: undefined, outcome: 'in progress' };
  matter.running = [activity];
  activities.push(activity);
}

function end(matter: Matter, by: Atom): void {
  for (const activity of matter.running) {
    activity.endsAt = Math.max(by.at, activity.begunBy.at);
    activity.outcome = 'succeeded';
  }
  matter.running = [];
  const { trouble } = matter;
  if (trouble === undefined || trouble.endedAt !== undefined) return;
  trouble.endedAt = Math.max(by.at, trouble.atoms.at(-1)?.at ?? by.at);
  trouble.ended = 'healed';
  trouble.endedBy = by;
}

function fail(matter: Matter, atom: Atom, troubles: OpenTrouble[]): void {
  for (const activity of matter.running) {
    activity.endsAt = Math.max(atom.at, activity.begunBy.at);
    activity.outcome = 'failed';
  }
  matter.running = [];
  const { trouble } = matter;
  if (trouble !== undefined && goesOn(trouble, atom)) {
    trouble.atoms.push(atom);
    if (matter.lastEnd !== undefined) trouble.ends.push(matter.lastEnd);
    trouble.endedAt = undefined;
    trouble.ended = undefined;
    trouble.endedBy = undefined;
    return;
  }
  const begun: OpenTrouble = {
    topic: matter.topic,
    container: matter.container,
    atoms: [atom],
    ends: matter.lastEnd === undefined ? [] : [matter.lastEnd],
    endedAt: undefined,
    ended: undefined,
    endedBy: undefined,
  };
  matter.trouble = begun;
  troubles.push(begun);
}

function goesOn(trouble: OpenTrouble, atom: Atom): boolean {
  if (trouble.endedAt !== undefined) return atom.at - trouble.endedAt < QUIET;
  const last = trouble.atoms.at(-1);
  return last?.reason.over !== 'quiet' || !isQuietBefore(atom, last.at);
}

/** Whether nothing happened for a while before this; several happenings told at once are spread over the time since the one before. */
export function isQuietBefore(atom: Atom, lastAt: Micros): boolean {
  const { at, count } = atom;
  if (count <= 1 || at - lastAt < QUIET) return at - lastAt >= QUIET;
  const since = sinceOf(atom);
  const begins = (at - since) / count < 2 * QUIET ? since : at;
  return begins - lastAt >= QUIET;
}

function settleActivity(activity: Activity, goneAt: Micros | undefined, horizon: Horizon): void {
  if (activity.outcome !== 'in progress') return;
  if (goneAt !== undefined) {
    activity.endsAt = Math.max(goneAt, activity.begunBy.at);
    activity.outcome = activity.topic === 'killing' ? 'succeeded' : 'superseded';
    return;
  }
  const patience = activity.topic === 'killing' ? HANDOVER : 4 * QUIET;
  if (horizon.isPast(activity.begunBy.at + patience)) activity.outcome = 'unknown';
}

function settleTrouble(trouble: OpenTrouble, goneAt: Micros | undefined, horizon: Horizon): void {
  const last = trouble.atoms.at(-1);
  if (last === undefined) return;
  const isSure = goneAt !== undefined || !FLAPPING.has(trouble.topic);
  if (trouble.endedAt !== undefined && (isSure || horizon.isPast(trouble.endedAt + QUIET))) return;
  trouble.endedAt = undefined;
  trouble.ended = undefined;
  if (goneAt !== undefined) {
    trouble.endedAt = Math.max(goneAt, last.at);
    trouble.ended = 'gone';
  } else if (last.reason.over === 'quiet' && horizon.isPast(last.at + QUIET)) {
    trouble.endedAt = last.at;
    trouble.ended = 'silent';
  }
}
