import { compareText } from '../../events/compare-events.ts';
import { guessKind } from '../../events/guess-kind.ts';
import { readTimes } from '../../events/read-event-filters.ts';
import { type Change, identifyChange } from '../../objects/change.ts';
import { type KubernetesObject, nameKey } from '../../objects/object.ts';
import { formatObjectLine } from '../../objects/object-json.ts';
import type { ObjectQuery } from '../../objects/object-query.ts';
import { badCursor, formatCursor, parseCursor } from '../cursor.ts';
import { readObjectFilters, resolveClusters, splitList } from '../read-question.ts';
import { changeList, objectList } from '../schemas/answers.ts';
import { type ObjectsQuestion, objectsQuestion } from '../schemas/questions.ts';
import type { Served } from '../served.ts';
import { sendLines, wantsLines } from '../stream-lines.ts';
import { type Api, answers } from './api.ts';

const PAGE = 500;

/** What is known of objects beside their Events, and what changed of them. */
export function objectRoutes(api: Api, { store, clock }: Served): void {
  api.get(
    '/v1/objects',
    {
      schema: {
        summary: 'Objects: their owners, what they use, when they came and went',
        querystring: objectsQuestion,
        response: answers(objectList),
      },
    },
    async ({ query: given, headers, signal }, reply) => {
      const pages = store.readObjects(await readQuery(given), signal);
      if (wantsLines(headers.accept)) return sendLines(reply, pages, formatObjectLine);
      return await sendPage(pages, (object) => [keyOf(object)], 'objects', given);
    },
  );

  api.get(
    '/v1/changes',
    {
      schema: {
        summary: 'What changed of objects, in time order: specs, containers that ended, conditions',
        querystring: objectsQuestion,
        response: answers(changeList),
      },
    },
    async ({ query: given, headers, signal }, reply) => {
      const pages = store.readChanges(await readQuery(given), signal);
      if (wantsLines(headers.accept)) return sendLines(reply, pages, formatObjectLine);
      return await sendPage(pages, (change: Change) => [change.at, identifyChange(change)], 'changes', given);
    },
  );

  async function readQuery(given: ObjectsQuestion): Promise<ObjectQuery> {
    const [clusters, namespaces, kinds] = [given.cluster, given.namespace, given.kind].map(splitList);
    const wanted = readObjectFilters(given.for);
    const { since, until } = given;
    return {
      ...(clusters && { clusters: resolveClusters(clusters, await store.readClusters()) }),
      ...(namespaces && { namespaces }),
      ...(kinds && { kinds: kinds.flatMap((word) => guessKind(word).kinds) }),
      ...(wanted && { for: wanted }),
      ...readTimes(
        { ...(since !== undefined && { since }), ...(until !== undefined && { until }) },
        clock.now(),
        '',
      ),
    };
  }
}

type Key = readonly (string | number)[];

/** The items after the cursor, by their keys, so many as are asked for. */
async function sendPage<T extends KubernetesObject | Change>(
  pages: AsyncIterable<readonly T[]>,
  keyOf: (item: T) => Key,
  kind: string,
  { limit = PAGE, cursor }: ObjectsQuestion,
): Promise<string> {
  const edge = cursor === undefined ? undefined : readEdge(kind, cursor);
  const found: { readonly key: Key; readonly item: T }[] = [];
  for await (const page of pages)
    for (const item of page) {
      const key = keyOf(item);
      if (edge === undefined || compareKeys(key, edge) > 0) found.push({ key, item });
    }
  found.sort((a, b) => compareKeys(a.key, b.key));
  const items = found.slice(0, limit);
  const last = items.at(-1)?.key;
  const next = found.length > limit && last !== undefined ? formatCursor(kind, { at: last }) : null;
  return `{"items":[${items.map(({ item }) => formatObjectLine(item)).join(',')}],"next":${JSON.stringify(next)}}`;
}

function keyOf(object: KubernetesObject): string {
  return `${nameKey(object)}/${object.uid}`;
}

function readEdge(kind: string, cursor: string): Key {
  const { at } = parseCursor(kind, cursor);
  if (Array.isArray(at) && at.every((part) => typeof part === 'string' || typeof part === 'number'))
    return at;
  throw badCursor(cursor);
}

function compareKeys(a: Key, b: Key): number {
  for (const [index, part] of a.entries()) {
    const other = b[index];
    if (part === other) continue;
    if (typeof part === 'number' && typeof other === 'number') return part - other;
    return compareText(String(part), String(other));
  }
  return 0;
}
