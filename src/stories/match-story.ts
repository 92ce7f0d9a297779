import type { Micros } from '../lib/time.ts';
import type { ObjectId } from '../objects/object.ts';
import type { IsWanted } from './prune-story.ts';
import type { Story } from './story.ts';

/** An object by name; its kind may mean several. */
export interface ObjectName {
  readonly kinds: readonly string[];
  readonly name: string;
}

/** Whether a story had not ended by `since` and began before `until`. */
export function isInTime(
  { from, lastAt, endsAt }: Pick<Story, 'from' | 'lastAt' | 'endsAt'>,
  since: Micros | undefined,
  until: Micros | undefined,
): boolean {
  return (
    (since === undefined || Math.max(lastAt, endsAt ?? lastAt) >= since) &&
    (until === undefined || from < until)
  );
}

/** Whether an object has the very name. */
export function isNamed({ kinds, name }: ObjectName): IsWanted {
  return (object) => object.name === name && isOfKind(object, kinds);
}

/** Whether an object's name begins so. */
export function isNamedLike({ kinds, name }: ObjectName): IsWanted {
  return (object) => object.name.startsWith(name) && isOfKind(object, kinds);
}

function isOfKind({ kind }: ObjectId, kinds: readonly string[]): boolean {
  return kinds.some((wanted) => wanted.toLowerCase() === kind.toLowerCase());
}
