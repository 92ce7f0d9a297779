import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HarkError } from './errors.ts';
import { parseSize } from './parse-size.ts';

test('parseSize reads bytes as Kubernetes writes them', () => {
  const wanted = {
    '10Gi': 10 * 2 ** 30,
    '500Mi': 500 * 2 ** 20,
    '1.5G': 1.5e9,
    '2k': 2000,
    '4Ki': 4096,
    '77': 77,
    '1GiB': 2 ** 30,
    ' 1Ti ': 2 ** 40,
  };
  for (const [text, bytes] of Object.entries(wanted))
    assert.equal(parseSize(text, '--max-size'), bytes, text);
});

test('parseSize names the flag and quotes the value when it is no size', () => {
  for (const text of ['', '0', '-1Gi', '10gi', 'Gi', '1e9', '10 Gi', '10Pi', '99999999Ti']) {
    assert.throws(
      () => parseSize(text, '--max-size'),
      (error: unknown) =>
        error instanceof HarkError && error.exitCode === 2 && error.message.includes(`--max-size "${text}"`),
      text,
    );
  }
});
