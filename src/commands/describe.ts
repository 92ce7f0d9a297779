import { formatAge } from '../events/event-age.ts';
import { happenedAt, lastHappenedAt } from '../events/event-time.ts';
import { EXIT } from '../lib/errors.ts';
import { makeSafe } from '../lib/safe-text.ts';
import type { Micros } from '../lib/time.ts';
import { openSource, type Source } from '../sources/open-source.ts';
import type { CommandModule } from './command.ts';
import type { Context } from './context.ts';
import { createSourceNotes, noteGaps } from './event-notes.ts';
import { type FoundObject, findObjects } from './find-objects.ts';
import { formatBlock } from './format-block.ts';
import type { GlobalOptions } from './global-options.ts';
import { askForKinds, suggestKind } from './kind-meanings.ts';
import { type NamedObject, parseObjects, scopeFor } from './parse-objects.ts';
import { printNote, printText } from './print.ts';
import { readObjectUids } from './read-object-uids.ts';
import { type SplitEvents, splitByUid } from './split-by-uid.ts';

type DescribedObject = FoundObject & SplitEvents;

export const command: CommandModule = {
  outputs: ['text', 'wide'],
  argumentKind: 'object',
  examples: [
    ['hark describe pod/web-0', 'all that was said of a Pod, from its first Event on'],
    ['hark describe deploy web api', 'of two Deployments'],
    ['hark describe pod/web-0 -o wide', 'with the container that each Event speaks of'],
    ['hark describe node/node-1 --from must-gather.tar.gz', 'out of a dump'],
  ],
  declare(parser) {
    parser.argument(
      '<object...>',
      'KIND/NAME…, or KIND NAME…; where there is no such name, all that begin so',
    );
  },
  async run(context, call) {
    const words = parseObjects(call.args, 'the object').map(({ typedKind }) => typedKind);
    const dictionary = await askForKinds(words, call.globals, context);
    const objects = parseObjects(call.args, 'the object', dictionary);
    const source = await openSource(context, scopeFor(objects, call.globals));
    try {
      const noteSource = createSourceNotes(source, context);
      await noteSource();
      const described: DescribedObject[] = [];
      for (const object of objects)
        described.push(...(await describeObject(object, source, call.globals, context)));
      await noteSource();
      const { now, globals } = call;
      const { columns } = context.stdout;
      const blockOptions = { now, fieldPath: globals.output === 'wide', color: globals.color, columns };
      for (const [index, object] of described.entries()) {
        const isClear = described.length === 1 && objects.some(({ name }) => name === object.name);
        const head = isClear ? '' : `${index === 0 ? '' : '\n'}${formatHead(object)}`;
        await printText(context.stdout, `${head}${formatBlock(object.own, blockOptions)}\n`);
      }
      for (const object of described) await noteOthers(object, call.now, context);
      const since = findFirst(described);
      const asked = { ...source.scope, ...(since === undefined ? {} : { since }) };
      await noteGaps(source, asked, context, (gap) => gap.from !== since || gap.caughtUpAt === undefined);
      return described.some(({ own }) => own.length > 0) ? EXIT.done : EXIT.nothing;
    } finally {
      await source.reader.close();
    }
  },
};

async function describeObject(
  object: NamedObject,
  source: Source,
  globals: GlobalOptions,
  context: Context,
): Promise<DescribedObject[]> {
  const found = await findObjects(object, source, context.signal);
  if (found.length === 0) {
    const meant = suggestKind(object.typedKind);
    const guess = meant === undefined ? '' : ` Did you mean ${meant}/${makeSafe(object.name)}?`;
    const of = makeSafe(`${object.typedKind}/${object.name}`);
    await printNote(context, `No Events of ${of}${nameScope(source)}.${guess}`);
    return [{ kind: object.typedKind, namespace: '', name: object.name, events: [], own: [], others: [] }];
  }
  if (found.every(({ name }) => name !== object.name)) {
    const of = makeSafe(`${object.typedKind}/${object.name}`);
    await printNote(
      context,
      `No Events of ${of}${nameScope(source)}; these are of what begins with that name.`,
    );
  }
  const described: DescribedObject[] = [];
  for (const one of found) {
    const uids =
      source.kind === 'live'
        ? await readObjectUids({ ...one, kind: object.typedKind }, globals, context)
        : undefined;
    described.push({ ...one, ...splitByUid(one.events, uids) });
  }
  return described;
}

function nameScope({ kind, name, scope }: Source): string {
  const namespaces = scope.namespaces ?? [];
  if (namespaces.length > 0)
    return ` in ${namespaces.map((namespace) => makeSafe(namespace)).join(', ')} namespace`;
  return kind === 'file' ? ` in ${makeSafe(name)}` : '';
}

function formatHead({ kind, name, namespace }: FoundObject): string {
  const lines = [`Name:       ${makeSafe(`${kind.toLowerCase()}/${name}`)}`];
  if (namespace !== '') lines.push(`Namespace:  ${makeSafe(namespace)}`);
  return `${lines.join('\n')}\n`;
}

/** Earlier objects of the same name are no part of this one's history, but a person should know that they are there. */
async function noteOthers(
  { kind, name, others }: DescribedObject,
  now: Micros,
  context: Context,
): Promise<void> {
  const last = others.at(-1);
  if (last === undefined) return;
  const object = makeSafe(`${kind.toLowerCase()}/${name}`);
  const [are, of] = others.length === 1 ? ['Event is', 'an earlier'] : ['Events are', 'an earlier'];
  await printNote(
    context,
    `${others.length} more ${are} of ${of} ${object} with another uid, last seen ${formatAge(lastHappenedAt(last.event), now)} ago: ${context.program.name} events --for ${object}`,
  );
}

/**
 * When the first Event of all that is described happened: gaps before it say nothing about it. That listening began after it is no news either,
 * as long as the first list still told it.
 */
function findFirst(described: readonly DescribedObject[]): Micros | undefined {
  const times = described.flatMap(({ own }) => own.map(({ event }) => happenedAt(event)));
  return times.length === 0 ? undefined : times.reduce((first, time) => Math.min(first, time));
}
