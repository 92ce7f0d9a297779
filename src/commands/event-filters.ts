import type { Command } from 'commander';
import { type EventFilterOptions, readForObjects } from '../events/read-event-filters.ts';
import { collectList } from '../lib/parse-values.ts';

export {
  type EventFilterOptions,
  readEventFilters,
  readForObjects,
} from '../events/read-event-filters.ts';

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
    .option('--text <WORDS>', 'only messages that hold all these words; imag* is the beginning of one')
    .option('--limit <N>', 'only the newest N');
}

/** Every word for a kind among the flags. */
export function listKindWords(options: EventFilterOptions): string[] {
  return [...readForObjects(options).map(({ typedKind }) => typedKind), ...(options.kind ?? [])];
}
