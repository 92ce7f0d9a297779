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

/** As a shell needs it. */
function quote(word: string): string {
  return /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
