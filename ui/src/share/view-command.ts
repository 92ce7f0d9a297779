import { formatMicroTime } from '../../../src/lib/rfc3339.ts';
import type { View } from '../view/view.ts';

/** The command line that asks for what the view shows. */
export function viewCommand({ page, filters, text, span }: View): string {
  const words = [page === 'stories' ? 'hark story' : 'hark events'];
  const [namespace, ...others] = filters.namespace;
  if (namespace !== undefined && others.length === 0) words.push('-n', quote(namespace));
  else words.push('-A');
  if (page !== 'stories') {
    for (const name of ['kind', 'type', 'reason'] as const)
      for (const value of filters[name]) words.push(`--${name}`, quote(value));
    if (text !== '') words.push('--grep', quote(text));
  }
  if (span.kind === 'last') words.push('--since', `${Math.max(1, Math.round(span.length / 60_000_000))}m`);
  if (span.kind === 'fixed')
    words.push('--since', formatMicroTime(span.from), '--until', formatMicroTime(span.to));
  return words.join(' ');
}

/**
 * What comes nearest to it in kubectl, which knows a single value of each field, neither words nor times, and no more than the cluster still holds: it tells as much as
 * the view or more.
 */
export function viewAsKubectl({ filters }: Pick<View, 'filters'>): string {
  const words = ['kubectl get events'];
  const namespace = onlyOne(filters.namespace);
  words.push(...(namespace === undefined ? ['-A'] : ['-n', quote(namespace)]));
  const fields = [
    ['involvedObject.kind', onlyOne(filters.kind)],
    ['type', onlyOne(filters.type)],
    ['reason', onlyOne(filters.reason)],
  ] as const;
  const selector = fields.filter(([, value]) => value !== undefined).map((field) => field.join('='));
  if (selector.length > 0) words.push('--field-selector', quote(selector.join(',')));
  return words.join(' ');
}

function onlyOne([first, second]: readonly string[]): string | undefined {
  // A selector ends a value at these.
  return second === undefined && first !== undefined && !/[,=\\]/.test(first) ? first : undefined;
}

/** As a shell needs it. */
function quote(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
