import type { Command } from 'commander';
import type { EventQuery } from '../events/query.ts';
import { HarkError } from '../lib/errors.ts';
import { parseMoment } from '../lib/parse-time.ts';
import type { Micros } from '../lib/time.ts';
import { guessKind, type KindDictionary } from './kind-meanings.ts';
import { filtersOf, type NamedObject, parseObjects } from './parse-objects.ts';
import { collectList, parseCount, parsePattern } from './parse-values.ts';

/** The flags that choose Events, as typed. */
export interface EventFilterOptions {
  readonly for?: readonly string[];
  readonly type?: readonly string[];
  readonly reason?: readonly string[];
  readonly kind?: readonly string[];
  readonly component?: readonly string[];
  readonly since?: string;
  readonly until?: string;
  readonly grep?: string;
  readonly limit?: string;
}

/** Declares the flags that choose Events; those that take lists may be repeated too. */
export function declareEventFilters(command: Command): void {
  command
    .option(
      '--for <KIND/NAME>',
      'only of these objects: pod/x, deploy/y (comma-separated or repeated)',
      collectList,
    )
    .option('--type <TYPE>', 'only of these types: Normal, Warning', collectList)
    .option('--reason <REASON>', 'only for these reasons: BackOff, FailedScheduling', collectList)
    .option('--kind <KIND>', 'only of objects of these kinds: pod, deploy', collectList)
    .option('--component <NAME>', 'only from these components: kubelet, default-scheduler', collectList)
    .option('--since <TIME>', 'only what happened since: 15m, 2h, 7d ago, or an RFC 3339 time')
    .option('--until <TIME>', 'only what began before: the same')
    .option('--grep <RE>', 'only messages that match a regular expression; (?i)… ignores case')
    .option('--limit <N>', 'only the newest N');
}

/**
 * The question that the flags ask, namespaces and clusters apart.
 *
 * @param now what durations count from
 * @param dictionary what kinds mean; default: guessed where they are not Kubernetes' own
 * @throws HarkError `usage`
 */
export function readEventFilters(
  options: EventFilterOptions,
  now: Micros,
  dictionary: KindDictionary = guessKind,
): EventQuery {
  const since = options.since === undefined ? undefined : parseMoment(options.since, now, '--since');
  const until = options.until === undefined ? undefined : parseMoment(options.until, now, '--until');
  if (since !== undefined && until !== undefined && since >= until) {
    throw new HarkError('usage', `--since "${options.since}" is not before --until "${options.until}"`, {
      hint: 'For example: --since 3h --until 1h, from three hours ago to one hour ago',
    });
  }
  return {
    ...(options.for && { for: readForObjects(options, dictionary).flatMap(filtersOf) }),
    ...(options.type && { types: options.type }),
    ...(options.reason && { reasons: options.reason }),
    ...(options.kind && { kinds: options.kind.flatMap((word) => dictionary(word).kinds) }),
    ...(options.component && { components: options.component }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    ...(options.grep !== undefined && { grep: parsePattern(options.grep, '--grep') }),
    ...(options.limit !== undefined && { limit: parseCount(options.limit, '--limit') }),
  };
}

/**
 * The objects of `--for`: `pod/x`, or `Pod x` in quotes.
 *
 * @throws HarkError `usage`
 */
export function readForObjects(
  options: EventFilterOptions,
  dictionary: KindDictionary = guessKind,
): NamedObject[] {
  return (options.for ?? []).flatMap((word) => parseObjects(word.split(/\s+/), '--for', dictionary));
}

/** Every word for a kind among the flags. */
export function listKindWords(options: EventFilterOptions): string[] {
  return [...readForObjects(options).map(({ typedKind }) => typedKind), ...(options.kind ?? [])];
}
