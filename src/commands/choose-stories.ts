import { readTimes } from '../events/read-event-filters.ts';
import { makeSafe } from '../lib/safe-text.ts';
import type { Micros } from '../lib/time.ts';
import type { Source } from '../sources/source.ts';
import { isInTime, isNamed, isNamedLike } from '../stories/match-story.ts';
import { type IsWanted, touches, widenToPods } from '../stories/prune-story.ts';
import type { Story } from '../stories/story.ts';
import type { Context } from './context.ts';
import { noteElsewhere } from './event-notes.ts';
import { suggestKind } from './kind-meanings.ts';
import type { NamedObject } from './parse-objects.ts';
import { printNote } from './print.ts';

/** The flags that choose stories by time, as typed. */
export interface StoryTimes {
  readonly since?: string;
  readonly until?: string;
}

/**
 * Stories that had not ended by `--since` and began before `--until`.
 *
 * @param now what durations count from
 * @throws HarkError `usage`
 */
export function chooseByTime(stories: readonly Story[], options: StoryTimes, now: Micros): readonly Story[] {
  const { since, until } = readTimes(options, now);
  return stories.filter((story) => isInTime(story, since, until));
}

/** What was named, as far as the stories know of it. */
export interface Chosen {
  readonly stories: readonly Story[];
  readonly isWanted: IsWanted;
}

/**
 * The stories that are about the named objects or tell of them; where none tells of a name, those of all names that begin so. Says, on stderr,
 * where that is, and where there is nothing.
 *
 * @param told all stories, where those to choose from are fewer
 */
export async function chooseByObject(
  stories: readonly Story[],
  objects: readonly NamedObject[],
  source: Source,
  context: Context,
  told: readonly Story[] = stories,
): Promise<Chosen> {
  const wanted: IsWanted[] = [];
  for (const object of objects) {
    const isExact = widenToPods(told, isNamed(object));
    const isLike = widenToPods(told, isNamedLike(object));
    if (stories.some((story) => touches(story, isExact))) wanted.push(isExact);
    else if (stories.some((story) => touches(story, isLike))) {
      await printNote(
        context,
        `Nothing was said of ${typed(object)}; this is of what begins with that name.`,
      );
      wanted.push(isLike);
    } else await noteNothing(object, source, context);
  }
  const isWanted: IsWanted = (object) => wanted.some((isThis) => isThis(object));
  return { stories: stories.filter((story) => touches(story, isWanted)), isWanted };
}

async function noteNothing(object: NamedObject, source: Source, context: Context): Promise<void> {
  const meant = suggestKind(object.typedKind);
  const guess = meant === undefined ? '' : ` Did you mean ${meant}/${makeSafe(object.name)}?`;
  await printNote(
    context,
    `Nothing was said of ${typed(object)}${nameScope(source)}.${guess}${tryEverywhere(source)}`,
  );
  await noteElsewhere(source, context);
}

/** What to type where nothing was found in one namespace. */
export function tryEverywhere({ kind, scope }: Source): string {
  return scope.namespaces === undefined || kind === 'file' ? '' : ' For all namespaces add -A.';
}

/** ` in shop namespace`, ` in dump.tar.gz`; empty when it is everything. */
export function nameScope({ kind, name, scope }: Source): string {
  const namespaces = scope.namespaces ?? [];
  const file = kind === 'file' ? ` in ${makeSafe(name)}` : '';
  if (namespaces.length === 0) return file;
  return ` in ${namespaces.map((namespace) => makeSafe(namespace)).join(', ')} namespace${file}`;
}

function typed({ typedKind, name }: NamedObject): string {
  return makeSafe(`${typedKind}/${name}`);
}
