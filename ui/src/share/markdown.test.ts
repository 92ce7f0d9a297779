import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../../test/fast-check.ts';
import { fence, inline } from './markdown.ts';

test('inline leaves no markup, link, mention or new line when a message holds them', () => {
  assert.equal(inline('[x](http://a) <b>\n# @here *'), '\\[x\\]\\(http://a\\) \\<b\\> \\# \\@here \\*');
});

test('fence cannot be left by what is in it', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('`', 'a', '\n') }), (text) => {
      const [ticks = ''] = fence(text).split('\n');
      assert.ok(!text.includes(ticks));
    }),
  );
});
