import type { EventQuery } from '../../events/query.ts';
import { HarkError } from '../../lib/errors.ts';
import { parseMoment } from '../../lib/parse-time.ts';
import type { Micros } from '../../lib/time.ts';
import type { Story } from '../../stories/story.ts';
import { countFacets } from '../facets.ts';
import { filterEntries } from '../filter-entries.ts';
import { findLasting } from '../lasting-objects.ts';
import { createRowTrees, type Grouping, type RowTree } from '../owner-rows.ts';
import { readEventQuestion, splitList } from '../read-question.ts';
import { rememberAnswers } from '../remember-answers.ts';
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
/** So many rows can be looked through. */
const FEW_ROWS = 60;

/** What a timeline shows of a stretch of time, and what there is to filter by. */
export function timelineRoutes(api: Api, served: Served): void {
  const { store, model, clock } = served;
  const treeOf = cacheTrees(served);
  const remember = rememberAnswers(model.version);

  api.get(
    '/v1/timeline',
    {
      schema: {
        summary: 'What a timeline needs for a viewport, however much happened in it',
        querystring: timelineQuestion,
        response: answers(timeline),
      },
    },
    async ({ query: given, signal }, reply) => {
      await model.answering;
      model.refresh();
      const query = await readQuery(given);
      const question = readViewport(given, query);
      const { bars = BARS, group = 'owner' } = given;
      const gaps = await store.readGaps({ ...query, since: question.since, until: question.until });
      reply.type('application/json');
      return await remember(
        JSON.stringify([given, query.clusters, question.since, question.until, gaps]),
        async () => {
          const matches = await filterEntries(model.index, query, store, signal);
          const isChosen = (story: Story) => isOfQuery(story, query);
          const shown =
            group === 'story'
              ? layOutStories(model, matches, isChosen, question, bars)
              : {
                  ...layOutTimeline(model.index, treeOf(group), matches, question, () =>
                    findLasting(model.stories.all(), query, question),
                  ),
                  stories: model.stories,
                  bars,
                };
          return JSON.stringify(formatTimeline(shown, question, gaps));
        },
      );
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
    async ({ query: given, signal }, reply) => {
      await model.answering;
      const { limit = VALUES, ...filters } = given;
      const clusters = await store.readClusters();
      const query = readEventQuestion(filters, clusters, clock.now());
      const { since, until } = query;
      reply.type('application/json');
      return await remember(JSON.stringify(['facets', given, since, until, clusters]), async () =>
        JSON.stringify(await countFacets(model.index, query, store, limit, clusters, signal)),
      );
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
      few: expand.includes('few') ? FEW_ROWS : 0,
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

/** A tree for each grouping, that grows with the index. */
function cacheTrees({ model }: Served): (grouping: Grouping) => RowTree {
  const trees = new Map<Grouping, () => RowTree>();
  return (grouping) => {
    const tree = trees.get(grouping) ?? createRowTrees(model.index, grouping);
    trees.set(grouping, tree);
    return tree();
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
