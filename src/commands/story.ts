import { createStyle } from '../lib/ansi-style.ts';
import { EXIT } from '../lib/errors.ts';
import { formatJson } from '../lib/format-json.ts';
import { openSource } from '../sources/open-source.ts';
import { pruneStory } from '../stories/prune-story.ts';
import { renderMarkdown } from '../stories/render/render-markdown.ts';
import { renderStories } from '../stories/render/render-stories.ts';
import { storiesToJson } from '../stories/render/to-json.ts';
import type { Story } from '../stories/story.ts';
import { chooseByObject, chooseByTime, nameScope, type StoryTimes } from './choose-stories.ts';
import type { Call, CommandModule } from './command.ts';
import type { Context } from './context.ts';
import { createSourceNotes, noteGaps } from './event-notes.ts';
import { askForKinds } from './kind-meanings.ts';
import { parseObjects, scopeFor } from './parse-objects.ts';
import { parseCount } from './parse-values.ts';
import { printNote, printText } from './print.ts';
import { readStories } from './read-stories.ts';

export interface StoryOptions extends StoryTimes {
  readonly limit?: string;
  readonly all?: true;
}

/** So many of the latest are told when no object is named. */
const LATEST = 20;
/** Columns of a line where there is no terminal. */
const WIDTH = 120;

export const command: CommandModule<StoryOptions> = {
  outputs: ['tree', 'json', 'markdown'],
  argumentKind: 'object',
  examples: [
    ['hark story deploy/web', 'its rollouts and troubles, from its first Event on'],
    ['hark story pod/web-0 --since 2h', 'what befell one Pod, and what that came from'],
    ['hark story -A --limit 5', 'the five latest of everything'],
    ['hark story deploy/web -o markdown', 'for an incident document'],
    ['hark story --from must-gather.tar.gz', 'out of a dump'],
  ],
  declare(parser) {
    parser
      .argument('[object...]', 'KIND/NAME…, or KIND NAME…; all, when none is named')
      .option('--since <TIME>', 'only what had not ended by then: 15m, 2h, 7d ago, or an RFC 3339 time')
      .option('--until <TIME>', 'only what began before: the same')
      .option('--limit <N>', `only the latest N (default: ${LATEST} when no object is named)`)
      .option('--all', 'tell steps too that say nothing new');
  },
  async run(context, call) {
    const { args, globals, options } = call;
    const words = args.length === 0 ? [] : parseObjects(args, 'the object').map(({ typedKind }) => typedKind);
    const dictionary = await askForKinds(words, globals, context);
    const objects = args.length === 0 ? [] : parseObjects(args, 'the object', dictionary);
    const source = await openSource(context, scopeFor(objects, globals), { objects: true });
    try {
      const noteSource = createSourceNotes(source, context);
      await noteSource();
      const { told, asOf } = await readStories(source, call, context);
      await noteSource();
      const inTime = chooseByTime(told, options, call.now);
      const { stories, isWanted } =
        objects.length === 0
          ? { stories: inTime, isWanted: () => true }
          : await chooseByObject(inTime, objects, source, context);
      if (stories.length === 0) {
        if (objects.length === 0) await printNote(context, `No stories${nameScope(source)}.`);
        return EXIT.nothing;
      }
      const latest = await takeLatest(stories, call, context);
      const shown = objects.length === 0 ? latest : latest.map((story) => pruneStory(story, isWanted));
      const withNamespace = source.scope.namespaces?.length !== 1;
      await printStories(shown, { asOf, withNamespace }, context, call);
      await noteGaps(source, { ...source.scope, since: shown[0]?.from ?? asOf }, context);
      return EXIT.done;
    } finally {
      await source.reader.close();
    }
  },
};

async function takeLatest(
  stories: readonly Story[],
  { args, options }: Call<StoryOptions>,
  context: Context,
): Promise<readonly Story[]> {
  const limit = options.limit === undefined ? undefined : parseCount(options.limit, '--limit');
  const most = limit ?? (args.length === 0 ? LATEST : Number.POSITIVE_INFINITY);
  if (stories.length <= most) return stories;
  if (limit === undefined)
    await printNote(
      context,
      `The latest ${most} of ${stories.length} stories; --limit ${stories.length} tells all.`,
    );
  return stories.slice(-most);
}

async function printStories(
  stories: readonly Story[],
  told: { readonly asOf: number; readonly withNamespace: boolean },
  context: Context,
  { globals, options }: Call<StoryOptions>,
): Promise<void> {
  const { stdout } = context;
  if (globals.output === 'json') return await printText(stdout, `${formatJson(storiesToJson(stories), 4)}\n`);
  if (globals.output === 'markdown')
    return await printText(stdout, stories.map((story) => renderMarkdown(story, told.asOf)).join('\n'));
  const lines = renderStories(stories, {
    width: stdout.columns ?? WIDTH,
    now: told.asOf,
    style: createStyle(globals.color),
    namespaces: told.withNamespace,
    echoes: options.all === true,
  });
  await printText(stdout, `${lines.join('\n')}\n`);
}
