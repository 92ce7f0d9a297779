import { createStyle } from '../lib/ansi-style.ts';
import { formatJson } from '../lib/format-json.ts';
import { renderMarkdown } from '../stories/render/render-markdown.ts';
import { renderStories } from '../stories/render/render-stories.ts';
import { storiesToJson } from '../stories/render/to-json.ts';
import type { Call, CommandModule } from './command.ts';
import type { Context } from './context.ts';
import { printText } from './print.ts';
import {
  declareSelection,
  type SelectedStories,
  type StorySelection,
  selectStories,
} from './select-stories.ts';

export interface StoryOptions extends StorySelection {
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
    declareSelection(parser, `${LATEST} when no object is named`);
    parser.option('--all', 'tell steps too that say nothing new');
  },
  run: (context, call) =>
    selectStories(context, call, LATEST, (selected) => printStories(selected, context, call)),
};

async function printStories(
  { stories, asOf, source }: SelectedStories,
  context: Context,
  { globals, options }: Call<StoryOptions>,
): Promise<void> {
  const { stdout } = context;
  if (globals.output === 'json') return await printText(stdout, `${formatJson(storiesToJson(stories), 4)}\n`);
  if (globals.output === 'markdown')
    return await printText(stdout, stories.map((story) => renderMarkdown(story, asOf)).join('\n'));
  const lines = renderStories(stories, {
    width: stdout.columns ?? WIDTH,
    now: asOf,
    style: createStyle(globals.color),
    namespaces: source.scope.namespaces?.length !== 1,
    echoes: options.all === true,
  });
  await printText(stdout, `${lines.join('\n')}\n`);
}
