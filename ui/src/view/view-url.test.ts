import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR, MINUTE, SECOND } from '../../../src/lib/time.ts';
import fc from '../../../test/fast-check.ts';
import { FIRST_VIEW, GROUPINGS, PAGES, type View } from './view.ts';
import { formatView, parseView } from './view-url.ts';

const word = fc.string({ minLength: 1, maxLength: 12 });
const words = fc.uniqueArray(word, { maxLength: 3 });
const views: fc.Arbitrary<View> = fc.record(
  {
    page: fc.constantFrom(...PAGES),
    span: fc.oneof(
      fc.constant({ kind: 'all' } as const),
      fc.constantFrom(90 * SECOND, MINUTE, 36 * HOUR).map((length) => ({ kind: 'last', length }) as const),
      fc
        .tuple(fc.integer({ min: 1e15, max: 2e15 }), fc.integer({ min: 1_000, max: 1e12 }))
        .map(([from, length]) => ({ kind: 'fixed', from, to: from + length }) as const),
    ),
    by: fc.constantFrom(...GROUPINGS),
    filters: fc.record(
      { cluster: words, namespace: words, kind: words, type: words, reason: words },
      { noNullPrototype: true },
    ),
    text: fc.string(),
    fold: fc.constantFrom('auto', 'open', 'closed'),
    toggled: words,
    choice: fc.option(
      fc.oneof(
        fc.tuple(fc.constantFrom('event', 'finding', 'moment'), word).map(([kind, id]) => ({ kind, id })),
        fc.tuple(word, fc.string()).map(([id, step]) => ({ kind: 'story', id, step }) as const),
      ),
      { nil: undefined },
    ),
    zone: fc.constantFrom('utc', 'local'),
    times: fc.constantFrom('clock', 'ago'),
    compare: fc.uniqueArray(word, { maxLength: 2 }),
  },
  { noNullPrototype: true },
);

test('parseView gives back what formatView wrote', () => {
  fc.assert(fc.property(views, (view) => assert.deepEqual(parseView(formatView(view)), view)));
});

test('formatView says nothing when the view is the first one', () => {
  assert.equal(formatView(FIRST_VIEW), '');
  assert.deepEqual(parseView(''), FIRST_VIEW);
});

test('formatView reads like a command line', () => {
  const view: View = {
    ...FIRST_VIEW,
    span: { kind: 'last', length: 2 * HOUR },
    filters: { ...FIRST_VIEW.filters, namespace: ['shop'], type: ['Warning'] },
  };
  assert.equal(formatView(view), '?namespace=shop&type=Warning&since=2h');
});

test('parseView leaves out what makes no sense when a link was mangled', () => {
  assert.deepEqual(parseView('?view=nonsense&since=yesterday&until=&by=colour&zone=mars&event='), FIRST_VIEW);
});

test('parseView never throws, whatever the link says', () => {
  const names = fc.constantFrom('since', 'until', 'by', 'view', 'event', 'row', 'zone');
  const pairs = fc.array(fc.tuple(names, fc.oneof(fc.string(), fc.constantFrom('1h', '-5m', '0s'))));
  fc.assert(fc.property(pairs, (query) => void parseView(`?${new URLSearchParams(query)}`)));
});
