import { formatMicroTime } from '../../../src/lib/rfc3339.ts';
import { soughtText } from '../api/questions.ts';
import type { TimeWindow } from '../time/time-window.ts';
import type { View } from '../view/view.ts';
import { formatDuration } from '../view/view-url.ts';
import { type CommandPlace, harkCommand, quoteWord } from './hark-command.ts';

/**
 * The command line that asks for what the view shows.
 *
 * @param window the time that is looked at, where nothing is added to the record: `--since 1h` would count from now; undefined: the clock goes on
 */
export function viewCommand(view: View, place: CommandPlace, window?: TimeWindow): string {
  const { page, filters, text } = view;
  const words = [page === 'stories' ? 'story' : 'events'];
  if (filters.namespace.length === 0) words.push('-A');
  else words.push('-n', filters.namespace.join(','));
  if (page !== 'stories') {
    for (const name of ['kind', 'type', 'reason'] as const)
      for (const value of filters[name]) words.push(`--${name}`, value);
    if (text.trim() !== '') words.push('--text', soughtText(text));
  }
  return harkCommand([...words, ...spanWords(view, window)], place);
}

function spanWords({ span }: View, window: TimeWindow | undefined): string[] {
  if (span.kind === 'all') return [];
  if (span.kind === 'last' && window === undefined) return ['--since', formatDuration(span.length)];
  const { from, to } = span.kind === 'fixed' ? span : (window ?? { from: 0, to: 0 });
  return ['--since', formatMicroTime(from), '--until', formatMicroTime(to)];
}

/**
 * What comes nearest to it in kubectl, which knows a single value of each field, neither words nor times, and no more than the cluster still holds: it tells as much as
 * the view or more.
 *
 * @param context the cluster that is meant, by the name of its context; undefined: the current one
 */
export function viewAsKubectl({ filters }: Pick<View, 'filters'>, context: string | undefined): string {
  const words = ['kubectl', 'get', 'events'];
  if (context !== undefined) words.push('--context', context);
  const namespace = onlyOne(filters.namespace);
  words.push(...(namespace === undefined ? ['-A'] : ['-n', namespace]));
  const fields = [
    ['involvedObject.kind', onlyOne(filters.kind)],
    ['type', onlyOne(filters.type)],
    ['reason', onlyOne(filters.reason)],
  ] as const;
  const selector = fields.filter(([, value]) => value !== undefined).map((field) => field.join('='));
  if (selector.length > 0) words.push('--field-selector', selector.join(','));
  return words.map(quoteWord).join(' ');
}

function onlyOne([first, second]: readonly string[]): string | undefined {
  // A selector ends a value at these.
  return second === undefined && first !== undefined && !/[,=\\]/.test(first) ? first : undefined;
}
