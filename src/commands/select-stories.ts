import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../lib/errors.ts';
import type { Micros } from '../lib/time.ts';
import { openSource } from '../sources/open-source.ts';
import type { Source } from '../sources/source.ts';
import { pruneStory } from '../stories/prune-story.ts';
import type { Story } from '../stories/story.ts';
import { chooseByObject, chooseByTime, nameScope, type StoryTimes, tryEverywhere } from './choose-stories.ts';
import type { Call } from './command.ts';
import type { Context } from './context.ts';
import { createSourceNotes, noteElsewhere, noteGaps } from './event-notes.ts';
import { askForKinds } from './kind-meanings.ts';
import { parseObjects, scopeFor } from './parse-objects.ts';
import { parseCount } from './parse-values.ts';
import { printNote } from './print.ts';
import { type Hear, readStories } from './read-stories.ts';

/** What chooses stories, as typed. */
export interface StorySelection extends StoryTimes {
  readonly limit?: string;
}

/** The stories that were asked for. */
export interface SelectedStories {
  /** In the order they began, at least one; of one that is about another object only what leads to those that were named. */
  readonly stories: readonly Story[];
  /** All stories of the scope, in the order they began. */
  readonly told: readonly Story[];
  /** Until when the record goes: what counts as now. */
  readonly asOf: Micros;
  /** Where they are from; closed afterwards. */
  readonly source: Source;
}

/** Declares `[object...]`, `--since`, `--until` and `--limit`, of which is told how many are taken without it. */
export function declareSelection(parser: Command, latest: string): void {
  parser
    .argument('[object...]', 'KIND/NAME…, or KIND NAME…; all, when none is named')
    .option('--since <TIME>', 'only what had not ended by then: 15m, 2h, 7d ago, or an RFC 3339 time')
    .option('--until <TIME>', 'only what began before: the same')
    .option('--limit <N>', `only the latest N (default: ${latest})`);
}

/**
 * Reads the stories that were asked for and hands them on; says, on stderr, what is not there and when nobody listened.
 *
 * @param latest so many are taken when no object is named and no `--limit` given
 * @param use does what the command is for
 * @param hear is handed what the stories are made from
 * @returns 1 when there are none
 */
export async function selectStories(
  context: Context,
  call: Call<StorySelection>,
  latest: number,
  use: (selected: SelectedStories) => Promise<void>,
  hear?: Hear,
): Promise<ExitCode> {
  const { args, globals, options } = call;
  const words = args.length === 0 ? [] : parseObjects(args, 'the object').map(({ typedKind }) => typedKind);
  const dictionary = await askForKinds(words, globals, context);
  const objects = args.length === 0 ? [] : parseObjects(args, 'the object', dictionary);
  const source = await openSource(context, scopeFor(objects, globals), { objects: true });
  try {
    const noteSource = createSourceNotes(source, context);
    await noteSource();
    const { told, asOf } = await readStories(source, call, context, hear);
    await noteSource();
    const inTime = chooseByTime(told, options, call.now);
    const { stories, isWanted } =
      objects.length === 0
        ? { stories: inTime, isWanted: () => true }
        : await chooseByObject(inTime, objects, source, context, told);
    if (stories.length === 0) {
      if (objects.length === 0) await noteNone(told.length, source, context);
      return EXIT.nothing;
    }
    const taken = await takeLatest(stories, latest, call, context);
    const shown = objects.length === 0 ? taken : taken.map((story) => pruneStory(story, isWanted));
    await use({ stories: shown, told, asOf, source });
    await noteGaps(source, { ...source.scope, since: shown[0]?.from ?? asOf }, context);
    return EXIT.done;
  } finally {
    await source.reader.close();
  }
}

/** @param told how many there are at other times than the asked one */
async function noteNone(told: number, source: Source, context: Context): Promise<void> {
  const where = nameScope(source);
  if (told > 0)
    return await printNote(
      context,
      `No stories${where} of that time; ${told} of other times: leave --since and --until away.`,
    );
  await printNote(context, `No stories${where}.${tryEverywhere(source)}`);
  await noteElsewhere(source, context);
}

async function takeLatest(
  stories: readonly Story[],
  latest: number,
  { args, options }: Call<StorySelection>,
  context: Context,
): Promise<readonly Story[]> {
  const limit = options.limit === undefined ? undefined : parseCount(options.limit, '--limit');
  const most = limit ?? (args.length === 0 ? latest : Number.POSITIVE_INFINITY);
  if (stories.length <= most) return stories;
  if (limit === undefined)
    await printNote(
      context,
      `The latest ${most} of ${stories.length} stories; --limit ${stories.length} tells all.`,
    );
  return stories.slice(-most);
}
