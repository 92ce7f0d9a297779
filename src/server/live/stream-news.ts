import type { EventQuery } from '../../events/query.ts';
import { type Clock, sleep } from '../../lib/clock.ts';
import { formatMicroTime } from '../../lib/rfc3339.ts';
import { SECOND } from '../../lib/time.ts';
import { objectToJson } from '../../stories/render/to-json.ts';
import type { Story } from '../../stories/story.ts';
import { readClusters } from '../routes/clusters.ts';
import type { Served } from '../served.ts';
import { gapToJson } from '../to-json.ts';
import { formatFrame } from './frames.ts';
import type { LiveConnection } from './live-connection.ts';

/** Coverage grows all the time; readers are told so often. */
const COVERAGE_EVERY = 10 * SECOND;
/** Stories in one message at most; of more, only the ids. */
const MOST_STORIES = 200;

/** Tells which stories are new, different or gone, as they come to be told. The first message says that others may have changed before. */
export function streamStories({ model }: Served, query: EventQuery, connection: LiveConnection): void {
  connection.send([formatFrame('stories', JSON.stringify({ reset: true, told: [], changed: [], gone: [] }))]);
  const leave = model.onStories((told, gone) => {
    const ours = told.filter((story) => isOfScope(story, query));
    if (ours.length + gone.length === 0) return;
    const news = {
      reset: false,
      told: ours.slice(0, MOST_STORIES).map(summariseStory),
      changed: ours.slice(MOST_STORIES).map(({ id }) => id),
      gone,
    };
    connection.send([formatFrame('stories', JSON.stringify(news))]);
  });
  connection.signal.addEventListener('abort', leave, { once: true });
}

/** Tells how it goes with listening and with reading the record, and which gaps there are, when any of it changes. */
export async function streamCoverage(
  served: Served,
  query: EventQuery,
  clock: Clock,
  connection: LiveConnection,
): Promise<void> {
  const { clusters, namespaces } = query;
  const scope = { ...(clusters && { clusters }), ...(namespaces && { namespaces }) };
  let woken = new AbortController();
  const wake = () => woken.abort();
  const leaves = [served.onListening(wake), served.model.onReading(wake)];
  connection.signal.addEventListener('abort', () => woken.abort(), { once: true });
  let told = '';
  try {
    while (!connection.signal.aborted) {
      woken = new AbortController();
      const gaps = (await served.store.readGaps(scope)).map(gapToJson);
      const text = JSON.stringify({ ...(await readClusters(served)), gaps });
      if (text !== told) connection.send([formatFrame('coverage', text)]);
      told = text;
      await sleep(clock, COVERAGE_EVERY, AbortSignal.any([woken.signal, connection.signal]));
    }
  } finally {
    for (const leave of leaves) leave();
  }
}

/** A story without its steps. */
function summariseStory(story: Story) {
  const { id, kind, title, outcome, summary, from, lastAt, endsAt } = story;
  return {
    id,
    kind,
    object: objectToJson(story.object),
    title,
    outcome,
    summary,
    from: formatMicroTime(from),
    lastAt: formatMicroTime(lastAt),
    endsAt: endsAt === undefined ? null : formatMicroTime(endsAt),
  };
}

function isOfScope({ object, objects }: Story, { clusters, namespaces }: EventQuery): boolean {
  if (clusters?.includes(object.cluster) === false) return false;
  return namespaces === undefined || objects.some(({ namespace }) => namespaces.includes(namespace));
}
