import { guessKind } from '../events/guess-kind.ts';
import { filtersOf, parseObjects } from '../events/parse-objects.ts';
import type { ClusterInfo, EventQuery } from '../events/query.ts';
import { readEventFilters } from '../events/read-event-filters.ts';
import { HarkError } from '../lib/errors.ts';
import { collectList } from '../lib/parse-values.ts';
import { suggestSimilar } from '../lib/suggest-similar.ts';
import type { Micros } from '../lib/time.ts';
import type { EventFilters } from './schemas/questions.ts';

type Lists = 'cluster' | 'namespace' | 'for' | 'type' | 'reason' | 'kind' | 'component';

/**
 * The question that a query string asks of Events, as the command line's flags of the same names would.
 *
 * @param known the clusters that there are
 * @param now what durations count from
 * @throws HarkError `usage`, `unknown-cluster`
 */
export function readEventQuestion(
  given: EventFilters,
  known: readonly ClusterInfo[],
  now: Micros,
): EventQuery {
  const lists = readLists(given);
  const { since, until, grep, text } = given;
  const { cluster, namespace, ...filters } = lists;
  return {
    ...readEventFilters(
      {
        ...filters,
        ...(since !== undefined && { since }),
        ...(until !== undefined && { until }),
        ...(grep !== undefined && { grep }),
        ...(text !== undefined && { text }),
      },
      now,
      guessKind,
      '',
    ),
    ...(namespace && { namespaces: namespace }),
    ...(cluster && { clusters: resolveClusters(cluster, known) }),
  };
}

/** The objects that `for` names. */
export function readObjectNames(given: readonly string[] | undefined) {
  return splitList(given)?.flatMap((word) => parseObjects(word.split(/\s+/), 'for'));
}

/** `for` as a filter of Events. */
export function readObjectFilters(given: readonly string[] | undefined): EventQuery['for'] {
  return readObjectNames(given)?.flatMap(filtersOf);
}

/** @throws HarkError `unknown-cluster` */
export function resolveClusters(names: readonly string[], known: readonly ClusterInfo[]): string[] {
  return names.flatMap((name) => {
    const found = known.filter((cluster) => cluster.uid === name || cluster.name === name);
    if (found.length > 0) return found.map(({ uid }) => uid);
    const all = known.map((cluster) => cluster.name);
    const near = suggestSimilar(name, all)[0];
    throw new HarkError('unknown-cluster', `there is no cluster "${name}" in the record`, {
      hint:
        near !== undefined
          ? `Did you mean "${near}"?`
          : `There is ${all.map((each) => JSON.stringify(each)).join(', ') || 'none yet'}: GET /v1/clusters`,
    });
  });
}

/** The values of a list: repeated, or between commas; undefined when there are none. */
export function splitList(given: readonly string[] | undefined): string[] | undefined {
  if (given === undefined) return undefined;
  const words = given.reduce<string[]>((all, value) => collectList(value, all), []);
  return words.length === 0 ? undefined : words;
}

function readLists(given: Pick<EventFilters, Lists>): Partial<Record<Lists, string[]>> {
  const names: readonly Lists[] = ['cluster', 'namespace', 'for', 'type', 'reason', 'kind', 'component'];
  const lists: Partial<Record<Lists, string[]>> = {};
  for (const name of names) {
    const words = splitList(given[name]);
    if (words !== undefined) lists[name] = words;
  }
  return lists;
}
