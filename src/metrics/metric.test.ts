import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { MOST_VALUES } from './fold-labels.ts';
import { METRICS } from './metric.ts';

const DOCS = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');

test('METRICS is what docs/metrics.md says: each metric with its labels, buckets and a query, each bound', () => {
  const queries = DOCS.slice(DOCS.indexOf('## Queries'));
  for (const [name, { type, labels, buckets }] of Object.entries(METRICS)) {
    const told = labels.map((label) => `\`${label}\``).join(', ');
    assert.ok(DOCS.includes(`| \`${name}\` | ${type} | ${told}${told === '' ? '' : ' '}| `), name);
    if (buckets.length > 0) assert.ok(DOCS.includes(`- \`${name}\`: ${buckets.join(', ')}\n`), name);
    assert.match(queries, new RegExp(`${name}(_bucket|_sum)?[{[]`), name);
  }
  for (const [label, most] of Object.entries(MOST_VALUES))
    assert.match(DOCS, new RegExp(`^\\| \`${label}\` \\| ${most}\\b`, 'm'), label);
});
