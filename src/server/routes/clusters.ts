import { readTimes } from '../../events/read-event-filters.ts';
import { formatMicroTime } from '../../lib/rfc3339.ts';
import { findAllGaps } from '../../store/coverage.ts';
import type { Reading } from '../model.ts';
import { resolveClusters, splitList } from '../read-question.ts';
import { clusterList, coverage } from '../schemas/answers.ts';
import { coverageQuestion } from '../schemas/questions.ts';
import type { Served } from '../served.ts';
import { gapToJson } from '../to-json.ts';
import { type Api, answers } from './api.ts';

/** Which clusters there are, and when they were listened to. */
export function clusterRoutes(api: Api, served: Served): void {
  const { store, clock } = served;

  api.get(
    '/v1/clusters',
    { schema: { summary: 'The clusters of the record', response: answers(clusterList) } },
    () => readClusters(served),
  );

  api.get(
    '/v1/coverage',
    {
      schema: {
        summary: 'When the clusters were watched without a hole, and when not',
        querystring: coverageQuestion,
        response: answers(coverage),
      },
    },
    async ({ query }) => {
      const known = await store.readClusters();
      const names = splitList(query.cluster);
      const clusters = names === undefined ? known.map(({ uid }) => uid) : resolveClusters(names, known);
      const namespaces = splitList(query.namespace);
      const times = readTimes(
        {
          ...(query.since !== undefined && { since: query.since }),
          ...(query.until !== undefined && { until: query.until }),
        },
        clock.now(),
        '',
      );
      const all = (await Promise.all(clusters.map((uid) => store.readCoverage(uid)))).flat();
      const stretches = all.filter(
        ({ namespace, from, to }) =>
          (namespaces === undefined || namespace === '' || namespaces.includes(namespace)) &&
          (times.since === undefined || to >= times.since) &&
          (times.until === undefined || from < times.until),
      );
      const gaps = findAllGaps(all, { ...times, clusters, ...(namespaces && { namespaces }) });
      return {
        stretches: stretches.map(({ cluster, namespace, from, to, open }) => ({
          cluster,
          namespace,
          from: formatMicroTime(from),
          to: formatMicroTime(to),
          open,
        })),
        gaps: gaps.map(gapToJson),
      };
    },
  );
}

/** Each cluster, how it goes with listening to it, and from when to when there is anything of it. */
export async function readClusters({ store, model, listeningTo }: Served) {
  const clusters = await store.readClusters();
  const { spans } = model.index;
  const reading = model.reading();
  return {
    reading: reading === undefined ? null : readingToJson(reading),
    clusters: clusters.map((cluster) => {
      const span = spans.get(cluster.uid);
      return {
        ...cluster,
        listening: listeningTo(cluster),
        from: span === undefined ? null : formatMicroTime(span.from),
        to: span === undefined ? null : formatMicroTime(span.to),
      };
    }),
  };
}

function readingToJson({ events, of, since }: Reading) {
  return { events, of, since: Number.isFinite(since) && since > 0 ? formatMicroTime(since) : null };
}
