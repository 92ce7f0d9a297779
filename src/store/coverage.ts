import type { CoverageStretch, Gap } from '../events/query.ts';
import { HOUR, type Micros, type MicrosLength, SECOND } from '../lib/time.ts';

/** How long the API server keeps an Event after its last write, unless told otherwise (`--event-ttl`, Kubernetes' default). */
export const EVENT_TTL: MicrosLength = HOUR;
/** How long after its last sign of life an open stretch is still taken to go on. */
export const OPEN_GRACE: MicrosLength = 30 * SECOND;

/** The asked time. */
export interface AskedTime {
  /** The beginning of what is covered at all when absent. */
  readonly since?: Micros | undefined;
  /** The end of what is covered when absent: ask until now to hear of a listener that stopped. */
  readonly until?: Micros | undefined;
}

/** A stretch of time, `from` before `to`. */
interface Span {
  readonly from: Micros;
  readonly to: Micros;
}

/**
 * The holes in what was watched of one namespace ('' = the whole cluster), ascending.
 *
 * A hole is caught up on by the stretch that follows it, as far back as Events live: a list tells all that was written within `ttl` before
 * it. A longer hole is given in two parts, the later of which is caught up on. The hole before the first stretch ever is treated alike.
 *
 * @param stretches of that namespace and of the whole cluster, in any order; they may overlap
 */
export function findGaps(
  cluster: string,
  namespace: string,
  stretches: readonly CoverageStretch[],
  asked: AskedTime,
  ttl: MicrosLength = EVENT_TTL,
): Gap[] {
  const covered = joinSpans(stretches);
  const since = asked.since ?? covered[0]?.from;
  const until = asked.until ?? covered.at(-1)?.to;
  if (since === undefined || until === undefined) return [];
  const gaps: Gap[] = [];
  let from = since;
  for (const span of covered) {
    if (span.from > from) {
      for (const part of catchUp({ from, to: span.from }, ttl))
        if (part.from < until) gaps.push({ cluster, namespace, ...part, to: Math.min(part.to, until) });
    }
    from = Math.max(from, span.to);
    if (from >= until) return gaps;
  }
  const isOpen = stretches.some((stretch) => stretch.open && stretch.to + OPEN_GRACE >= until);
  if (from < until && !isOpen) gaps.push({ cluster, namespace, from, to: until, caughtUpAt: undefined });
  return gaps;
}

/** Joins stretches that overlap or touch; ascending. One without length stays: a list was read at that moment. */
export function joinSpans(stretches: readonly Span[]): Span[] {
  const sorted = stretches.filter(({ from, to }) => from <= to).sort((a, b) => a.from - b.from);
  const joined: Span[] = [];
  for (const { from, to } of sorted) {
    const last = joined.at(-1);
    if (last === undefined || from > last.to) joined.push({ from, to });
    else if (to > last.to) joined[joined.length - 1] = { from: last.from, to };
  }
  return joined;
}

/** A hole up to a list, cut where the Events that the list tells begin. */
function catchUp({ from, to }: Span, ttl: MicrosLength): (Span & Pick<Gap, 'caughtUpAt'>)[] {
  const told = to - ttl;
  if (told <= from) return [{ from, to, caughtUpAt: to }];
  return [
    { from, to: told, caughtUpAt: undefined },
    { from: told, to, caughtUpAt: to },
  ];
}

/**
 * The holes in the asked time of several clusters, ascending. Only clusters that were ever listened to have any.
 *
 * @param namespaces '' asks for the whole cluster; when absent, each that was ever listened to ('' too, when it was)
 */
export function findAllGaps(
  stretches: readonly CoverageStretch[],
  asked: AskedTime & { readonly clusters?: readonly string[]; readonly namespaces?: readonly string[] },
  ttl: MicrosLength = EVENT_TTL,
): Gap[] {
  const byCluster = Map.groupBy(stretches, ({ cluster }) => cluster);
  return [...byCluster]
    .filter(([cluster]) => asked.clusters === undefined || asked.clusters.includes(cluster))
    .flatMap(([cluster, all]) => findGapsOfCluster(cluster, all, asked, ttl))
    .sort((a, b) => a.from - b.from || a.to - b.to);
}

function findGapsOfCluster(
  cluster: string,
  stretches: readonly CoverageStretch[],
  asked: AskedTime & { readonly namespaces?: readonly string[] },
  ttl: MicrosLength,
): Gap[] {
  const namespaces = asked.namespaces ?? new Set(stretches.map(({ namespace }) => namespace));
  const known = joinSpans(stretches);
  return [...namespaces].flatMap((namespace) => {
    const own = stretches.filter((stretch) => stretch.namespace === namespace || stretch.namespace === '');
    const since = asked.since ?? (own.length === 0 ? known[0]?.from : undefined);
    const until = asked.until ?? known.at(-1)?.to;
    return findGaps(cluster, namespace, own, { since, until }, ttl);
  });
}
