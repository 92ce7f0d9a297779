import { HarkError } from '../lib/errors.ts';
import { parseMoment } from '../lib/parse-time.ts';
import { parseCount, parsePattern } from '../lib/parse-values.ts';
import type { Micros } from '../lib/time.ts';
import { guessKind, type KindDictionary } from './guess-kind.ts';
import { filtersOf, type NamedObject, parseObjects } from './parse-objects.ts';
import type { EventQuery } from './query.ts';

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
  readonly text?: string;
  readonly limit?: string;
}

/**
 * The question that the flags ask, namespaces and clusters apart.
 *
 * @param now what durations count from
 * @param dictionary what kinds mean; default: guessed where they are not Kubernetes' own
 * @param dashes what precedes the name of a flag where it is typed: nothing in a URL
 * @throws HarkError `usage`
 */
export function readEventFilters(
  options: EventFilterOptions,
  now: Micros,
  dictionary: KindDictionary = guessKind,
  dashes = '--',
): EventQuery {
  return {
    ...(options.for && { for: readForObjects(options, dictionary, dashes).flatMap(filtersOf) }),
    ...(options.type && { types: options.type }),
    ...(options.reason && { reasons: options.reason }),
    ...(options.kind && { kinds: options.kind.flatMap((word) => dictionary(word).kinds) }),
    ...(options.component && { components: options.component }),
    ...readTimes(options, now, dashes),
    ...(options.grep !== undefined && { grep: parsePattern(options.grep, `${dashes}grep`) }),
    ...(options.text !== undefined && options.text.trim() !== '' && { text: options.text }),
    ...(options.limit !== undefined && { limit: parseCount(options.limit, `${dashes}limit`) }),
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
  dashes = '--',
): NamedObject[] {
  return (options.for ?? []).flatMap((word) => parseObjects(word.split(/\s+/), `${dashes}for`, dictionary));
}

/**
 * The times that the flags name.
 *
 * @param now what durations count from
 * @param dashes as in `readEventFilters`
 * @throws HarkError `usage`
 */
export function readTimes(
  options: { readonly since?: string; readonly until?: string },
  now: Micros,
  dashes = '--',
): Pick<EventQuery, 'since' | 'until'> {
  const [sinceFlag, untilFlag] = [`${dashes}since`, `${dashes}until`];
  const since = options.since === undefined ? undefined : parseMoment(options.since, now, sinceFlag);
  const until = options.until === undefined ? undefined : parseMoment(options.until, now, untilFlag);
  if (since !== undefined && until !== undefined && since >= until)
    throw new HarkError(
      'usage',
      `${sinceFlag} "${options.since}" is not before ${untilFlag} "${options.until}"`,
      {
        hint: `For example: ${sinceFlag} 3h ${untilFlag} 1h, from three hours ago to one hour ago`,
      },
    );
  return { ...(since !== undefined && { since }), ...(until !== undefined && { until }) };
}
