import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readScenario } from '../../test/read-record.ts';
import { MINUTE } from '../lib/time.ts';
import { createNoiseCounter, type NoiseKey } from './count-noise.ts';

const RECORDS = readScenario('v1.36/c-crashloop').filter(({ event }) => event.namespace === 'crashloop');

function count(by: NoiseKey, since?: number, until?: number) {
  const counter = createNoiseCounter(by, since, until);
  for (const record of RECORDS) counter.add(record);
  return counter.finish(10);
}

const ALL = RECORDS.reduce(
  (sum, { occurrences }) => sum + occurrences.reduce((all, { count }) => all + count, 0),
  0,
);

test('createNoiseCounter counts every happening once, whatever it is counted by', () => {
  for (const by of ['reasons', 'objects', 'components', 'namespaces'] as const) {
    const { noises } = count(by);
    const total = noises.reduce((sum, noise) => sum + noise.count, 0);
    assert.equal(total, ALL, by);
    for (const noise of noises) {
      const drawn = noise.parts.reduce((sum, part) => sum + part, 0);
      assert.ok(Math.abs(drawn - noise.count) < 1e-6, `${noise.key.join(' ')}: ${drawn} of ${noise.count}`);
    }
  }
});

test('createNoiseCounter puts the loudest first and tells Warnings', () => {
  const { noises } = count('reasons');
  assert.deepEqual(
    [...noises],
    noises.toSorted((a, b) => b.count - a.count),
  );
  const failed = noises.find(({ key }) => key.join(' ') === 'Warning Failed');
  assert.equal(failed?.warnings, failed?.count);
  assert.ok((failed?.events ?? 0) < (failed?.count ?? 0), 'a repeated Event is one');
});

test('createNoiseCounter counts happenings of the asked time only, those of Events that began before too', () => {
  const { from, to, noises } = count('reasons');
  const middle = from + 5 * MINUTE;
  const [before, after] = [count('reasons', undefined, middle), count('reasons', middle + 1)];
  const sum = [...before.noises, ...after.noises].reduce((all, noise) => all + noise.count, 0);
  assert.equal(sum, ALL);
  assert.ok(after.noises.every(({ firstAt, lastAt }) => firstAt > middle && lastAt <= to));
  const backOff = after.noises.find(({ key }) => key[1] === 'BackOff');
  assert.ok(
    backOff !== undefined && backOff.count < (noises.find(({ key }) => key[1] === 'BackOff')?.count ?? 0),
  );
});

test('createNoiseCounter has nothing when nothing was added', () => {
  assert.deepEqual(createNoiseCounter('reasons', 7, 9).finish(3), { from: 7, to: 9, noises: [] });
});
