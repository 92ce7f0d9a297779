import packageJson from '../../package.json' with { type: 'json' };
import { createStyle } from '../lib/ansi-style.ts';
import { EXIT, HarkError } from '../lib/errors.ts';
import { escapeControls } from '../lib/escape-controls.ts';
import { makeSafe } from '../lib/safe-text.ts';
import { formatObject } from '../objects/object.ts';
import type { Sent } from '../otlp/send.ts';
import { chooseTarget, type Target } from '../otlp/target.ts';
import { foldStories } from '../stories/render/fold-stories.ts';
import { sayAlike } from '../stories/render/render-stories.ts';
import type { Story } from '../stories/story.ts';
import { type Heard, openHeard } from '../traces/heard.ts';
import { logRecordsOf } from '../traces/log-records.ts';
import { type Scope, toResourceLogs, toResourceSpans } from '../traces/otlp-json.ts';
import { renderWaterfall } from '../traces/render-waterfall.ts';
import type { Trace } from '../traces/span.ts';
import { traceStories } from '../traces/trace-stories.ts';
import type { Call, CommandModule } from './command.ts';
import type { Context } from './context.ts';
import { printNote, printText } from './print.ts';
import {
  declareSelection,
  type SelectedStories,
  type StorySelection,
  selectStories,
} from './select-stories.ts';

export interface TraceOptions extends StorySelection {
  readonly all?: true;
  readonly otlp?: string;
  readonly logs?: true;
}

/** So many of the latest are drawn when no object is named; all are exported. */
const LATEST = 20;
/** Columns of a line where there is no terminal. */
const WIDTH = 120;
/** So many traces are written at once. */
const AT_ONCE = 200;
const SCOPE: Scope = { name: packageJson.name, version: packageJson.version };

export const command: CommandModule<TraceOptions> = {
  outputs: ['waterfall', 'otlp-json', 'otlp-logs-json'],
  argumentKind: 'object',
  examples: [
    ['hark trace deploy/web', 'where the time of its rollouts went'],
    ['hark trace deploy/web --since 1h --otlp http://127.0.0.1:4318', 'into a Collector, Jaeger, Tempo…'],
    ['hark trace -A --otlp env --logs', 'all of it, where OTEL_EXPORTER_OTLP_ENDPOINT says, as logs too'],
    ['hark trace --from must-gather.tar.gz -o otlp-json', 'a dump as an ExportTraceServiceRequest'],
  ],
  declare(parser) {
    declareSelection(parser, `${LATEST} when no object is named; all with -o otlp-json or --otlp`);
    parser
      .option('--all', 'draw steps too that say nothing new, and errors of any length')
      .option(
        '--otlp <URL>',
        'send the traces to an OTLP receiver; env: where OTEL_EXPORTER_OTLP_ENDPOINT says',
      )
      .option('--logs', 'with --otlp: send each happening as a log record of its span, too');
  },
  async run(context, call) {
    const { otlp, logs } = call.options;
    if (otlp === undefined && logs === true) throw needsOtlp();
    const targets =
      otlp === undefined
        ? []
        : (['traces', ...(logs === true ? (['logs'] as const) : [])] as const).map((signal) =>
            chooseTarget(otlp, signal, context.env),
          );
    const heard = openHeard();
    const isDrawn = targets.length === 0 && call.globals.output === 'waterfall';
    const [most, hear] = isDrawn ? [LATEST, undefined] : [Number.POSITIVE_INFINITY, heard];
    return await selectStories(
      context,
      call,
      most,
      async (selected) => {
        const traces = await traceSelected(selected, heard);
        if (isDrawn) await drawTraces(selected, traces, context, call);
        else if (targets.length === 0) await writeTraces(selected, traces, heard, context, call);
        else for (const target of targets) await sendTraces(selected, traces, heard, target, context);
        if (targets.length > 0) await listTraces(selected.stories, traces, context);
      },
      hear,
    );
  },
};

function needsOtlp(): HarkError {
  return new HarkError(
    'usage',
    '--logs says what to send besides traces, and --otlp is missing, which says where to',
    {
      hint: 'For example: --otlp http://127.0.0.1:4318 --logs; or -o otlp-logs-json, to print the log records',
    },
  );
}

async function traceSelected(
  { stories, told, asOf, source }: SelectedStories,
  heard: Heard,
): Promise<Trace[]> {
  const clusters = source.cluster === undefined ? await source.reader.readClusters() : [source.cluster];
  const clusterNames = new Map(clusters.map(({ uid, name }) => [uid, name]));
  return traceStories(stories, { asOf, heard, clusterNames, all: told });
}

async function drawTraces(
  { stories, asOf, source }: SelectedStories,
  traces: readonly Trace[],
  context: Context,
  { globals, options }: Call<TraceOptions>,
): Promise<void> {
  const style = createStyle(globals.color);
  const shape = {
    width: context.stdout.columns ?? WIDTH,
    now: asOf,
    style,
    namespaces: source.scope.namespaces?.length !== 1,
    echoes: options.all === true,
  };
  const byStory = new Map(traces.map((trace) => [trace.storyId, trace]));
  for (const [index, { story, alike }] of foldStories(stories).entries()) {
    const trace = byStory.get(story.id);
    if (trace === undefined) continue;
    const lines = renderWaterfall(story, trace, shape);
    if (alike.length > 0) lines.push(style.dim(`  ${sayAlike(story, alike, shape)}`));
    await printText(context.stdout, `${index === 0 ? '' : '\n'}${lines.join('\n')}\n`);
  }
}

/** One request on one line, written piece by piece: a file of them is what the Collector's otlpjsonfile receiver reads. */
async function writeTraces(
  { stories }: SelectedStories,
  traces: readonly Trace[],
  heard: Heard,
  { stdout }: Context,
  { globals }: Call<TraceOptions>,
): Promise<void> {
  const isLogs = globals.output === 'otlp-logs-json';
  await printText(stdout, `{"${isLogs ? 'resourceLogs' : 'resourceSpans'}":[`);
  let separator = '';
  for (let from = 0; from < traces.length; from += AT_ONCE) {
    const some = traces.slice(from, from + AT_ONCE);
    const parts = isLogs
      ? toResourceLogs(recordsOf(stories.slice(from, from + AT_ONCE), some, heard), SCOPE)
      : toResourceSpans(
          some.flatMap(({ spans }) => spans),
          SCOPE,
        );
    if (parts.length === 0) continue;
    await printText(
      stdout,
      `${separator}${parts.map((part) => escapeControls(JSON.stringify(part))).join(',')}`,
    );
    separator = ',';
  }
  await printText(stdout, ']}\n');
}

function recordsOf(stories: readonly Story[], traces: readonly Trace[], heard: Heard) {
  return stories.flatMap((story, index) => {
    const trace = traces[index];
    return trace === undefined ? [] : logRecordsOf(story, trace, heard);
  });
}

async function sendTraces(
  { stories }: SelectedStories,
  traces: readonly Trace[],
  heard: Heard,
  target: Target,
  context: Context,
): Promise<void> {
  const { sendLogs, sendSpans } = await import('../otlp/send.ts');
  const isLogs = target.signal === 'logs';
  const sent = isLogs
    ? await sendLogs(recordsOf(stories, traces, heard), target, SCOPE)
    : await sendSpans(
        traces.flatMap(({ spans }) => spans),
        target,
        SCOPE,
      );
  await noteSent(sent, target, context);
}

async function noteSent({ sent, rejected, notes }: Sent, target: Target, context: Context): Promise<void> {
  const what = target.signal === 'logs' ? 'log records' : 'spans';
  for (const note of notes) await printNote(context, makeSafe(note));
  if (rejected > 0)
    throw new HarkError(
      'otlp-rejected',
      `The receiver at ${target.url} did not take ${rejected} of ${sent} ${what}`,
      {
        exitCode: EXIT.unreachable,
        hint: notes.length > 0 ? 'Why is said above' : 'It did not say why; its own log may',
      },
    );
  await printNote(context, `Sent ${sent} ${what} to ${target.url} (${target.protocol}).`);
}

/** Which trace is which, to look it up. */
async function listTraces(
  stories: readonly Story[],
  traces: readonly Trace[],
  context: Context,
): Promise<void> {
  const lines = stories.map(
    ({ object, title }, index) =>
      `${traces[index]?.traceId}  ${makeSafe(`${formatObject(object)}  ${title}`)}\n`,
  );
  await printText(context.stdout, lines.join(''));
}
