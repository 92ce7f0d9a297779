import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR, MILLISECOND, MINUTE, SECOND } from '../../../src/lib/time.ts';
import { parseMoment, formatMoment as writeMoment } from '../view/moment.ts';
import { formatMoment, formatZone } from './format-clock.ts';
import { formatLength } from './format-length.ts';
import { UTC } from './time-zone.ts';

const AT = 1_795_451_088_344_784;

test('formatLength says a length in two units at most', () => {
  const lengths = [
    0,
    35 * MILLISECOND,
    4.25 * SECOND,
    59 * SECOND,
    17 * HOUR + 4 * MINUTE,
    3 * DAY,
    -5 * MINUTE,
  ];
  assert.deepEqual(lengths.map(formatLength), ['0µs', '35ms', '4.2s', '59s', '17h 4m', '3d', '−5m']);
});

test('formatMoment tells as many digits as are known', () => {
  assert.equal(formatMoment(AT, UTC), 'Mon 23 Nov 2026, 16:24:48.344784');
  assert.equal(formatMoment(AT - 784, UTC), 'Mon 23 Nov 2026, 16:24:48.344');
  assert.equal(formatMoment(AT - 344_784, UTC), 'Mon 23 Nov 2026, 16:24:48');
});

test('formatZone tells how far a clock is from UTC', () => {
  const zone = (offset: number) => formatZone(AT, { name: 'local', offsetAt: () => offset });
  assert.deepEqual(
    [zone(0), zone(HOUR), zone(-3.5 * HOUR), formatZone(AT, UTC)],
    ['UTC±0', 'UTC+1', 'UTC−3:30', 'UTC'],
  );
});

test('a moment of an object comes back from a URL, whatever its cluster is called', () => {
  const moment = {
    cluster: 'name:a/b@1',
    kind: 'Pod',
    namespace: '',
    name: 'web-1',
    from: AT,
    to: AT + SECOND,
  };
  assert.deepEqual(parseMoment(writeMoment(moment)), moment);
  assert.equal(parseMoment('nonsense'), undefined);
});
