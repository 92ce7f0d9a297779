import type { EventQuery } from '../events/query.ts';
import { EXIT, type ExitCode } from '../lib/errors.ts';
import { openSource, type Source } from '../sources/open-source.ts';
import type { Call, CommandModule } from './command.ts';
import type { Context } from './context.ts';
import {
  declareEventFilters,
  type EventFilterOptions,
  listKindWords,
  readEventFilters,
  readForObjects,
} from './event-filters.ts';
import { createSourceNotes, noteEmpty, noteGaps } from './event-notes.ts';
import { createEventPrinter, EVENT_OUTPUTS, type EventOutput, type EventPrinter } from './event-printer.ts';
import { askForKinds } from './kind-meanings.ts';
import { nameClusters } from './name-clusters.ts';
import { declareOwned, type OwnedOptions, openOwnedSource, takesInOwned } from './owned-source.ts';
import { scopeFor } from './parse-objects.ts';
import { printNote } from './print.ts';

export interface EventsOptions extends EventFilterOptions, OwnedOptions {
  readonly watch?: true;
}

export const command: CommandModule<EventsOptions> = {
  outputs: EVENT_OUTPUTS,
  examples: [
    ['hark events -A', 'of all namespaces'],
    [
      'hark events --for deploy/web --since 2h',
      'of a Deployment, its ReplicaSets and Pods, the last two hours',
    ],
    ['hark events --type Warning -w', 'what goes wrong, and go on'],
    ['hark events -A --grep "(?i)denied|forbidden" -o csv', 'for a spreadsheet'],
    ['hark events --from must-gather.tar.gz --kind node', 'out of a dump'],
  ],
  declare(parser) {
    declareEventFilters(parser);
    declareOwned(parser);
    parser.option('-w, --watch', 'go on: print what happens from now on too, until Ctrl-C');
  },
  async run(context, call) {
    const dictionary = await askForKinds(listKindWords(call.options), call.globals, context);
    const filters = readEventFilters(call.options, call.now, dictionary);
    const objects = readForObjects(call.options, dictionary);
    const withOwned = takesInOwned(objects, call.options);
    const opened = await openSource(context, scopeFor(objects, call.globals), { objects: withOwned });
    try {
      const query = { ...filters, ...opened.scope };
      const source = withOwned ? await openOwnedSource(opened, objects, query, context.signal) : opened;
      return call.options.watch === true
        ? await followEvents(source, query, context, call)
        : await listEvents(source, query, context, call);
    } finally {
      await opened.reader.close();
    }
  },
};

async function listEvents(
  source: Source,
  query: EventQuery,
  context: Context,
  call: Call,
): Promise<ExitCode> {
  context.program.spareMemory?.();
  const noteSource = createSourceNotes(source, context);
  await noteSource();
  const printer = await createPrinter(source, query, context, call, false);
  let count = 0;
  for await (const page of source.reader.readEvents(query, context.signal)) {
    count += page.length;
    await printer.print(page);
  }
  await printer.end();
  await noteSource();
  if (count === 0) await noteEmpty(source, query, listKindWords(call.options), context);
  await noteGaps(source, query, context);
  return count === 0 ? EXIT.nothing : EXIT.done;
}

/** Ends, with 0, when the user ends it. */
async function followEvents(
  source: Source,
  query: EventQuery,
  context: Context,
  call: Call,
): Promise<ExitCode> {
  const noteSource = createSourceNotes(source, context);
  await noteSource();
  const printer = await createPrinter(source, query, context, call, true);
  try {
    for await (const page of source.follow(query, context.signal)) {
      if (page.type === 'notice') await printNote(context, page.text);
      else await printer.print(page.records);
    }
  } catch (error) {
    if (!context.signal.aborted) throw error;
  }
  await printer.end();
  return EXIT.done;
}

async function createPrinter(
  source: Source,
  query: EventQuery,
  context: Context,
  call: Call,
  endless: boolean,
): Promise<EventPrinter> {
  const known = await source.reader.readClusters();
  const clusters = known.filter(({ uid }) => query.clusters?.includes(uid) ?? true);
  return await createEventPrinter(call.globals.output as EventOutput, {
    output: context.stdout,
    color: call.globals.color,
    now: () => call.globals.now ?? context.wallClock(),
    withNamespace: query.namespaces?.length !== 1,
    clusters: nameClusters(clusters),
    endless,
  });
}
