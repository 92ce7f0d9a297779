import { startSummary } from '../dumps/dump.ts';
import { loadTimeline } from '../dumps/load-timeline.ts';
import { replaySightings } from '../dumps/replay-sightings.ts';
import { checkSummary, tellSummary } from '../dumps/tell-summary.ts';
import type { RecordedEvent } from '../events/event.ts';
import { identify } from '../events/identity.ts';
import { matchQuery } from '../events/matches-query.ts';
import { mergeSighting } from '../events/merge-records.ts';
import type { EventQuery } from '../events/query.ts';
import type { Sighting } from '../events/sighting.ts';
import { createClock } from '../lib/clock.ts';
import { EXIT, type ExitCode, HarkError } from '../lib/errors.ts';
import { makeSafe } from '../lib/safe-text.ts';
import type { Micros } from '../lib/time.ts';
import { openInput } from '../sources/file-source.ts';
import { scopeNamespaces } from '../sources/scope-namespaces.ts';
import type { Call, CommandModule } from './command.ts';
import type { Context } from './context.ts';
import { declareEventFilters, type EventFilterOptions, readEventFilters } from './event-filters.ts';
import { createEventPrinter, EVENT_OUTPUTS, type EventOutput } from './event-printer.ts';
import { printNote } from './print.ts';

export interface ReplayCommandOptions extends EventFilterOptions {
  readonly speed?: number;
}

export const command: CommandModule<ReplayCommandOptions> = {
  outputs: EVENT_OUTPUTS,
  withoutFlags: ['--from', '--store', '--kubeconfig', '--context'],
  examples: [
    ['hark replay night.jsonl.gz --speed 60', 'an hour in a minute'],
    [
      'hark replay must-gather/ --type Warning --speed max',
      'all at once, in the order in which it was heard of',
    ],
  ],
  declare(parser) {
    parser
      .argument('<file>', 'a recording, an export or any other dump; - for stdin')
      .option('--speed <N>', 'so many times as fast as it happened, or max (default: 1)', parseSpeed);
    declareEventFilters(parser);
  },
  async run(context, call) {
    if (call.globals.from !== undefined) throw fromFlag(call.globals.from);
    const query = readQuery(call);
    const [name = ''] = call.args;
    const summary = startSummary();
    const timeline = await loadTimeline(openInput(name, context), summary, context.signal);
    checkSummary(name, summary);
    for (const line of tellSummary(name, summary)) await printNote(context, makeSafe(line));
    return await play(timeline, query, context, call);
  },
};

function readQuery(call: Call<ReplayCommandOptions>): EventQuery {
  const { limit, ...query } = readEventFilters(call.options, call.now);
  if (limit !== undefined)
    throw new HarkError('usage', 'hark replay plays all there is: --limit has no place here', {
      hint: 'For the newest: hark events --from FILE --limit N',
    });
  return { ...query, ...scopeNamespaces(call.globals, undefined) };
}

/** Prints each Event as it appears and each of its repeats, as `hark events -w` would have then. */
async function play(
  timeline: readonly Sighting[],
  query: EventQuery,
  context: Context,
  call: Call<ReplayCommandOptions>,
): Promise<ExitCode> {
  let then: Micros = timeline[0]?.at ?? 0;
  const printer = await createEventPrinter(call.globals.output as EventOutput, {
    output: context.stdout,
    color: call.globals.color,
    now: () => call.globals.now ?? then,
    withNamespace: query.namespaces?.length !== 1,
    clusters: new Map(),
    endless: true,
  });
  const replay = {
    speed: call.options.speed ?? 1,
    clock: createClock(context.wallClock),
    signal: context.signal,
  };
  const take = recordSightings(query);
  let played = 0;
  for await (const { at, sightings } of replaySightings(timeline, replay)) {
    then = at;
    const records = take(sightings);
    played += records.length;
    if (records.length > 0) await printer.print(records);
  }
  await printer.end();
  return played === 0 ? EXIT.nothing : EXIT.done;
}

/** Keeps what is known so far; gives what a sighting added to it, where the query asks for it. */
function recordSightings(query: EventQuery): (sightings: readonly Sighting[]) => RecordedEvent[] {
  const records = new Map<string, RecordedEvent>();
  const matches = matchQuery(query);
  return (sightings) =>
    sightings.flatMap((sighting) => {
      const id = identify(sighting.event);
      const known = records.get(id);
      const record = mergeSighting(known, '', sighting);
      records.set(id, record);
      return record.points.length > (known?.points.length ?? 0) && matches(record) ? [record] : [];
    });
}

function parseSpeed(value: string): number {
  const speed = value === 'max' ? Number.POSITIVE_INFINITY : Number(value.replace(/x$/, ''));
  if (speed > 0) return speed;
  throw new HarkError('usage', `--speed "${value}" is not a number above 0`, {
    hint: 'For example: --speed 10, --speed 0.5, --speed max',
  });
}

function fromFlag(from: string): HarkError {
  return new HarkError('usage', `hark replay takes the file as it is: --from "${from}" has no place here`, {
    hint: `Leave the flag away: hark replay ${from}`,
  });
}
