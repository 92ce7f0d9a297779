import assert from 'node:assert/strict';
import test from 'node:test';
import { parseRetryAfter } from './parse-retry-after.ts';
import { SECOND } from './time.ts';

const NOW = Date.UTC(2026, 10, 23, 16, 0, 0) * 1000;

test('parseRetryAfter reads seconds and dates', () => {
  assert.equal(parseRetryAfter('7', NOW), 7 * SECOND);
  assert.equal(parseRetryAfter('0', NOW), 0);
  assert.equal(parseRetryAfter('Mon, 23 Nov 2026 16:00:30 GMT', NOW), 30 * SECOND);
});

test('parseRetryAfter asks for no wait when the date is past', () => {
  assert.equal(parseRetryAfter('Mon, 23 Nov 2026 15:00:00 GMT', NOW), 0);
});

test('parseRetryAfter says undefined when the header says nothing', () => {
  for (const header of [undefined, '', ' ', 'soon', '-3', '1.5', '2026-11-23']) {
    assert.equal(parseRetryAfter(header, NOW), undefined, String(header));
  }
});
