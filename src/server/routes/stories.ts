import { Type } from 'typebox';
import { readTimes } from '../../events/read-event-filters.ts';
import { HarkError } from '../../lib/errors.ts';
import { suggestSimilar } from '../../lib/suggest-similar.ts';
import type { Micros } from '../../lib/time.ts';
import { diagnose } from '../../stories/diagnose/diagnose.ts';
import type { Diagnosis } from '../../stories/diagnose/finding.ts';
import { narrowDiagnosis } from '../../stories/diagnose/narrow-diagnosis.ts';
import { isInTime, isNamed } from '../../stories/match-story.ts';
import { type IsWanted, touches } from '../../stories/prune-story.ts';
import { STORY_VERSION, storyToJson, time } from '../../stories/render/to-json.ts';
import { whyToJson } from '../../stories/render/why-to-json.ts';
import type { Story } from '../../stories/story.ts';
import { badCursor, formatCursor, parseCursor } from '../cursor.ts';
import { readObjectNames, resolveClusters, splitList } from '../read-question.ts';
import { rememberAnswers } from '../remember-answers.ts';
import { diagnosis, oneStory, storyList } from '../schemas/answers.ts';
import { OUTCOMES, storiesQuestion, whyQuestion } from '../schemas/questions.ts';
import type { Served } from '../served.ts';
import { type Api, answers } from './api.ts';

const PAGE = 20;
/** Events of Nodes live here. */
const OF_NODES = 'default';

interface StoryFilters {
  readonly cluster?: readonly string[];
  readonly namespace?: readonly string[];
  readonly for?: readonly string[];
}

/** What happened, by cause, and what is wrong. */
export function storyRoutes(api: Api, served: Served): void {
  const { store, model, clock } = served;
  const remember = rememberAnswers(model.version);

  api.get(
    '/v1/stories',
    {
      schema: {
        summary: 'Stories, the latest page first, on a page in the order they began',
        querystring: storiesQuestion,
        response: answers(storyList),
      },
    },
    async ({ query }) => {
      await model.answering;
      model.refresh();
      const isChosen = await chooseStories(query);
      const times = readTimes(
        {
          ...(query.since !== undefined && { since: query.since }),
          ...(query.until !== undefined && { until: query.until }),
        },
        clock.now(),
        '',
      );
      const outcomes = splitList(query.outcome);
      for (const outcome of outcomes ?? []) checkOutcome(outcome);
      const isBefore = query.cursor === undefined ? () => true : readStoryCursor(query.cursor);
      const found = model.stories
        .all()
        .filter(
          (story) =>
            isInTime(story, times.since, times.until) &&
            (outcomes?.includes(story.outcome) ?? true) &&
            isBefore(story) &&
            isChosen(story),
        );
      const { limit = PAGE } = query;
      const page = found.slice(-limit);
      const [first] = page;
      return {
        apiVersion: STORY_VERSION,
        kind: 'StoryList',
        items: page.map(storyToJson),
        toldSince: time(model.toldSince()),
        next: found.length > page.length && first !== undefined ? formatStoryCursor(first) : null,
      };
    },
  );

  api.get(
    '/v1/stories/:id',
    {
      schema: {
        summary: 'One story',
        params: Type.Object({ id: Type.String() }),
        querystring: Type.Object({}, { additionalProperties: false }),
        response: answers(oneStory),
      },
    },
    async ({ params }) => {
      await model.answering;
      model.refresh();
      const story = model.stories.get(params.id);
      if (story !== undefined) return storyToJson(story);
      throw new HarkError('not-found', `there is no story "${params.id}"`, {
        hint: 'A story gets another id when an earlier beginning of it becomes known: GET /v1/stories?for=KIND/NAME',
      });
    },
  );

  api.get(
    '/v1/why',
    {
      schema: {
        summary: 'What is wrong now, since when, and what set it off',
        querystring: whyQuestion,
        response: answers(diagnosis),
      },
    },
    async ({ query }, reply) => {
      await model.answering;
      model.refresh();
      const { for: wanted, limit, ...scope } = query;
      const inScope = await chooseStories(scope);
      const isWanted = readWanted(wanted);
      const clusters = model.stories.clusters();
      const times = clusters.map((uid) => model.stories.ofCluster(uid)?.asOf ?? clock.now());
      reply.type('application/json');
      return await remember(JSON.stringify([query, clusters, times]), async () => {
        const all = clusters.map((uid) => diagnoseCluster(uid, inScope, isWanted));
        const asOf = Math.max(...times, 0) || clock.now();
        return JSON.stringify(tellDiagnosis(all, asOf, limit));
      });
    },
  );

  function diagnoseCluster(uid: string, inScope: (story: Story) => boolean, isWanted: IsWanted | undefined) {
    const kept = model.stories.ofCluster(uid);
    const stories = model.stories.all().filter((story) => story.object.cluster === uid && inScope(story));
    const asOf = kept?.asOf ?? clock.now();
    const found = diagnose(stories, asOf);
    if (isWanted === undefined) return found;
    return narrowDiagnosis(
      found,
      stories.filter((story) => touches(story, isWanted)),
      isWanted,
    );
  }

  async function chooseStories(given: StoryFilters): Promise<(story: Story) => boolean> {
    const names = splitList(given.cluster);
    const clusters = names === undefined ? undefined : resolveClusters(names, await store.readClusters());
    const namespaces = splitList(given.namespace);
    const isWanted = readWanted(given.for);
    return (story) =>
      (clusters?.includes(story.object.cluster) ?? true) &&
      (namespaces === undefined ||
        story.objects.some(({ namespace }) => namespaces.includes(namespace || OF_NODES))) &&
      (isWanted === undefined || touches(story, isWanted));
  }
}

/** What is wrong in all clusters, with how much of it there was no room for. */
function tellDiagnosis(all: readonly Diagnosis[], asOf: Micros, limit = Number.POSITIVE_INFINITY) {
  const findings = all.flatMap((each) => each.findings);
  const healed = all.flatMap((each) => each.healed);
  return {
    ...whyToJson({ asOf, findings: findings.slice(0, limit), healed: healed.slice(0, limit) }),
    more: { findings: Math.max(0, findings.length - limit), healed: Math.max(0, healed.length - limit) },
  };
}

function readWanted(given: readonly string[] | undefined): IsWanted | undefined {
  const wanted = readObjectNames(given)?.map(isNamed);
  return wanted === undefined ? undefined : (object) => wanted.some((isThis) => isThis(object));
}

function checkOutcome(outcome: string): void {
  if ((OUTCOMES as readonly string[]).includes(outcome)) return;
  const near = suggestSimilar(outcome, OUTCOMES)[0];
  throw new HarkError('usage', `outcome "${outcome}" is none: ${OUTCOMES.join(', ')}`, {
    hint: near === undefined ? 'For example: outcome=failed' : `Did you mean "${near}"?`,
  });
}

function formatStoryCursor({ from, object, id }: Story): string {
  return formatCursor('stories', { f: from, n: object.name, i: id });
}

/** Whether a story comes before the one at the edge. */
function readStoryCursor(cursor: string): (story: Story) => boolean {
  const { f, n, i } = parseCursor('stories', cursor);
  if (typeof f !== 'number' || typeof n !== 'string' || typeof i !== 'string') throw badCursor(cursor);
  return ({ from, object: { name }, id }) => from < f || (from === f && (name < n || (name === n && id < i)));
}
