import type { EventQuery } from '../../events/query.ts';
import { HarkError } from '../../lib/errors.ts';
import { parseMoment } from '../../lib/parse-time.ts';
import type { Micros } from '../../lib/time.ts';
import type { Story } from '../../stories/story.ts';
import { countFacets } from '../facets.ts';
import { filterEntries } from '../filter-entries.ts';
import { createRowTree, type Grouping, type RowTree } from '../owner-rows.ts';
import { readEventQuestion, splitList } from '../read-question.ts';
import { facets, timeline } from '../schemas/answers.ts';
import { facetsQuestion, type TimelineParameters, timelineQuestion } from '../schemas/questions.ts';
import type { Served } from '../served.ts';
import { layOutStories } from '../story-rows.ts';
import { layOutTimeline, type TimelineQuestion } from '../timeline.ts';
import { formatTimeline } from '../timeline-to-json.ts';
import { type Api, answers } from './api.ts';

const BUCKETS = 600;
const ROWS = 100;
const BARS = 100;
const VALUES = 100;

/** What a timeline shows of a stretch of time, and what there is to filter by. */
export function timelineRoutes(api: Api, served: Served): void {
  const { store, model, clock } = served;
  const treeOf = cacheTrees(served);

  api.get(
    '/v1/timeline',
    {
      schema: {
        summary: 'What a timeline needs for a viewport, however much happened in it',
        querystring: timelineQuestion,
        response: answers(timeline),
      },
    },
    async ({ query: given, signal }) => {
      await model.answering;
      model.refresh();
      const query = await readQuery(given);
      const matches = await filterEntries(model.index, query, store, signal);
      const question = readViewport(given, query);
      const { bars = BARS, group = 'owner' } = given;
      const gaps = await store.readGaps({ ...query, since: question.since, until: question.until });
      if (group === 'story') {
        const isChosen = (story: Story) => isOfQuery(story, query);
        return formatTimeline(layOutStories(model, matches, isChosen, question, bars), question, gaps);
      }
      const laidOut = layOutTimeline(model.index, treeOf(group), matches, question);
      return formatTimeline({ ...laidOut, stories: model.stories, bars }, question, gaps);
    },
  );

  api.get(
    '/v1/facets',
    {
      schema: {
        summary: 'What can be filtered by, with counts: each under the other filters',
        querystring: facetsQuestion,
        response: answers(facets),
      },
    },
    async ({ query: given, signal }) => {
      await model.answering;
      const { limit = VALUES, ...filters } = given;
      const query = readEventQuestion(filters, await store.readClusters(), clock.now());
      return await countFacets(model.index, query, store, limit, await store.readClusters(), signal);
    },
  );

  async function readQuery(given: TimelineParameters): Promise<EventQuery> {
    const { cluster, namespace, type, reason, kind, component, grep, text } = given;
    const filters = { cluster, namespace, for: given.for, type, reason, kind, component, grep, text };
    const asked = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
    return readEventQuestion(asked, await store.readClusters(), clock.now());
  }

  function readViewport(given: TimelineParameters, query: EventQuery): TimelineQuestion {
    const spans = [...model.index.spans]
      .filter(([cluster]) => query.clusters?.includes(cluster) ?? true)
      .map(([, span]) => span);
    const now = clock.now();
    const first = spans.reduce((earliest, { from }) => Math.min(earliest, from), Infinity);
    const last = spans.reduce((latest, { to }) => Math.max(latest, to), -Infinity);
    const since = readAt(given.since, now, 'since') ?? (first === Infinity ? now - 1 : first);
    const until = readAt(given.until, now, 'until') ?? (last === -Infinity ? now : last + 1);
    if (since >= until)
      throw new HarkError('usage', `since "${given.since}" is not before until "${given.until}"`, {
        hint: 'For example: since=3h, until=1h',
      });
    const expand = splitList(given.expand) ?? [];
    return {
      since,
      until,
      buckets: Math.max(1, Math.min(given.width ?? BUCKETS, until - since)),
      expand: expand.includes('all') ? 'all' : new Set(expand),
      collapse: new Set(splitList(given.collapse) ?? []),
      order: given.order ?? 'warnings',
      rows: given.rows ?? ROWS,
      offset: given.offset ?? 0,
      reasons: given.reasons ?? 0,
    };
  }
}

/** A time as everywhere else, or in microseconds. */
function readAt(text: string | undefined, now: Micros, what: string): Micros | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  return parseMoment(text, now, what);
}

/** Trees are made anew when objects were added or moved. */
function cacheTrees({ model }: Served): (grouping: Grouping) => RowTree {
  const trees = new Map<Grouping, { readonly state: string; readonly tree: RowTree }>();
  return (grouping) => {
    const { index } = model;
    const state = `${index.objects.items.length} ${index.hosts.items.length} ${index.moves()}`;
    const known = trees.get(grouping);
    if (known?.state === state) return known.tree;
    const tree = createRowTree(index, grouping);
    trees.set(grouping, { state, tree });
    return tree;
  };
}

/** Whether a story is about what the query's cluster, namespaces, kinds and objects name. */
function isOfQuery(story: Story, { clusters, namespaces, kinds, for: wanted }: EventQuery): boolean {
  const lower = kinds?.map((kind) => kind.toLowerCase());
  const objects = [story.object, ...story.objects];
  return (
    (clusters?.includes(story.object.cluster) ?? true) &&
    (namespaces === undefined || objects.some(({ namespace }) => namespaces.includes(namespace))) &&
    (lower === undefined || objects.some(({ kind }) => lower.includes(kind.toLowerCase()))) &&
    (wanted === undefined ||
      objects.some((object) =>
        wanted.some(
          ({ kind, name }) => kind.toLowerCase() === object.kind.toLowerCase() && name === object.name,
        ),
      ))
  );
}
