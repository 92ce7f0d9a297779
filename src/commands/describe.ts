import { formatAge } from '../events/event-age.ts';
import { happenedAt, lastHappenedAt } from '../events/event-time.ts';
import { EXIT } from '../lib/errors.ts';
import { makeSafe } from '../lib/safe-text.ts';
import type { Micros } from '../lib/time.ts';
import { formatObject } from '../objects/object.ts';
import { openSource, type Source } from '../sources/open-source.ts';
import type { Call, CommandModule } from './command.ts';
import type { Context } from './context.ts';
import { type DescribedOwned, describeTree } from './describe-tree.ts';
import { createSourceNotes, noteElsewhere, noteGaps } from './event-notes.ts';
import { type FoundObject, findObjects } from './find-objects.ts';
import { formatBlock } from './format-block.ts';
import type { GlobalOptions } from './global-options.ts';
import { askForKinds, suggestKind } from './kind-meanings.ts';
import { type NamedObject, parseObjects, scopeFor } from './parse-objects.ts';
import { printNote, printText } from './print.ts';
import { readObjectUids } from './read-object-uids.ts';
import { type SplitEvents, splitByUid } from './split-by-uid.ts';

/** So many objects of which nothing was said are named. */
const MOST_SILENT = 5;

/** An object with its Events, and how its block is headed. */
type DescribedObject = Pick<FoundObject, 'kind' | 'namespace' | 'name'> &
  SplitEvents &
  Partial<Pick<DescribedOwned, 'uid' | 'controlledBy'>>;

export interface DescribeOptions {
  readonly tree?: true;
}

export const command: CommandModule<DescribeOptions> = {
  outputs: ['text', 'wide'],
  argumentKind: 'object',
  examples: [
    ['hark describe pod/web-0', 'all that was said of a Pod, from its first Event on'],
    ['hark describe deploy web api', 'of two Deployments'],
    [
      'hark describe deploy/web --tree',
      'of a Deployment, its ReplicaSets and their Pods, those that are gone too',
    ],
    ['hark describe pod/web-0 -o wide', 'with the container that each Event speaks of'],
    ['hark describe node/node-1 --from must-gather.tar.gz', 'out of a dump'],
  ],
  declare(parser) {
    parser
      .argument('<object...>', 'KIND/NAME…, or KIND NAME…; where there is no such name, all that begin so')
      .option('--tree', 'of what they own too: ReplicaSets, Pods, Jobs…');
  },
  async run(context, call) {
    const words = parseObjects(call.args, 'the object').map(({ typedKind }) => typedKind);
    const dictionary = await askForKinds(words, call.globals, context);
    const objects = parseObjects(call.args, 'the object', dictionary);
    const source = await openSource(context, scopeFor(objects, call.globals), {
      objects: call.options.tree === true,
    });
    try {
      const noteSource = createSourceNotes(source, context);
      await noteSource();
      const described: DescribedObject[] = [];
      for (const object of objects)
        described.push(...(await describeObject(object, scopedTo(object, source), call, context)));
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
  { globals, options }: Call<DescribeOptions>,
  context: Context,
): Promise<DescribedObject[]> {
  const found = await findObjects(object, source, context.signal);
  const withOwned = options.tree === true;
  const silent = { kind: object.kinds[0], namespace: '', name: object.name, own: [], others: [] };
  const told =
    found.length === 0 && withOwned ? await describeOwned(silent, object, source, globals, context) : [];
  if (told.length > 0) return told;
  if (found.length === 0) {
    const meant = suggestKind(object.typedKind);
    const guess = meant === undefined ? '' : ` Did you mean ${meant}/${makeSafe(object.name)}?`;
    const of = makeSafe(`${object.typedKind}/${object.name}`);
    await printNote(context, `No Events of ${of}${nameScope(source)}.${guess}`);
    await noteElsewhere(source, context);
    return [{ ...silent, kind: object.typedKind }];
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
    if (withOwned) {
      described.push(...(await describeOwned(one, object, source, globals, context)));
      continue;
    }
    const uids =
      source.kind === 'live'
        ? await readObjectUids({ ...one, kind: object.typedKind }, globals, context)
        : undefined;
    described.push({ ...one, ...splitByUid(one.events, uids) });
  }
  return described;
}

/** Beside objects of a namespace, what lives in none is looked for everywhere. */
function scopedTo({ clusterScoped }: NamedObject, source: Source): Source {
  if (!clusterScoped) return source;
  const { namespaces: _namespaces, ...scope } = source.scope;
  return {
    ...source,
    scope,
    // Notes grow.
    get notes() {
      return source.notes;
    },
  };
}

/** The object and what it owns, a block for each; says of how many nothing was said. */
async function describeOwned(
  one: Pick<FoundObject, 'kind' | 'namespace' | 'name'>,
  { typedKind }: NamedObject,
  source: Source,
  globals: GlobalOptions,
  context: Context,
): Promise<DescribedObject[]> {
  const uids =
    source.kind === 'live' ? await readObjectUids({ ...one, kind: typedKind }, globals, context) : undefined;
  const { blocks, silent } = await describeTree(one, uids, source, context.signal);
  if (silent.length > 0) {
    const shown = silent.slice(0, MOST_SILENT).join(', ');
    const rest = silent.length > MOST_SILENT ? ', …' : '';
    await printNote(
      context,
      makeSafe(`Nothing was said of ${silent.length} more that ${formatObject(one)} owns: ${shown}${rest}.`),
    );
  }
  return [...blocks];
}

function nameScope({ kind, name, scope }: Source): string {
  const namespaces = scope.namespaces ?? [];
  if (namespaces.length > 0)
    return ` in ${namespaces.map((namespace) => makeSafe(namespace)).join(', ')} namespace`;
  return kind === 'file' ? ` in ${makeSafe(name)}` : '';
}

function formatHead({ kind, name, namespace, uid = '', controlledBy = '' }: DescribedObject): string {
  const lines = [
    ['Name:', `${kind.toLowerCase()}/${name}`],
    ['Namespace:', namespace],
    ['UID:', uid],
    ['Controlled By:', controlledBy],
  ].filter(([, value]) => value !== '');
  const width = Math.max(...lines.map(([label = '']) => label.length)) + 2;
  return lines.map(([label = '', value = '']) => `${label.padEnd(width)}${makeSafe(value)}\n`).join('');
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
