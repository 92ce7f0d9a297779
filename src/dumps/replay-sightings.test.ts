import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '../../test/fake-clock.ts';
import { readRecordedWatch, recordingPath } from '../../test/read-recording.ts';
import type { Sighting } from '../events/sighting.ts';
import { parseTime } from '../lib/rfc3339.ts';
import { SECOND } from '../lib/time.ts';
import { startSummary } from './dump.ts';
import { loadTimeline } from './load-timeline.ts';
import { type ReplayedMoment, replaySightings } from './replay-sightings.ts';

const PATH = 'v1.36/b-bad-image/events-core-v1.jsonl';
const signal = new AbortController().signal;

async function load(): Promise<Sighting[]> {
  return await loadTimeline({ path: recordingPath(PATH) }, startSummary(), signal);
}

test('loadTimeline gives what a recording holds in the order of its arrival', async () => {
  const timeline = await load();
  assert.deepEqual(
    timeline.map(({ at }) => at),
    readRecordedWatch(PATH).map(({ at }) => parseTime(at)),
  );
});

test('replaySightings gives each moment when its time has come, at the given speed', async () => {
  const timeline = (await load()).slice(0, 40);
  const first = timeline[0]?.at ?? 0;
  for (const speed of [1, 10, 0.5]) {
    const clock = createFakeClock();
    const start = clock.now();
    const moments: ReplayedMoment[] = [];
    const playing = (async () => {
      for await (const moment of replaySightings(timeline, { speed, clock, signal })) {
        assert.ok(clock.now() - start >= (moment.at - first) / speed - 1);
        moments.push(moment);
      }
    })();
    while (moments.flatMap(({ sightings }) => sightings).length < timeline.length) {
      const [next] = clock.timers();
      if (next !== undefined) clock.advance(next);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await playing;
    assert.deepEqual(
      moments.flatMap(({ sightings }) => sightings),
      timeline,
    );
    const took = (timeline.at(-1)?.at ?? 0) - first;
    assert.ok(Math.abs(clock.now() - start - took / speed) < SECOND, `speed ${speed}`);
  }
});

test('replaySightings does not wait at all when its speed is infinite', async () => {
  const timeline = await load();
  const clock = createFakeClock();
  const played: Sighting[] = [];
  for await (const { sightings } of replaySightings(timeline, {
    speed: Number.POSITIVE_INFINITY,
    clock,
    signal,
  }))
    played.push(...sightings);
  assert.deepEqual(played, timeline);
});

test('replaySightings ends when the signal aborts while it waits', async () => {
  const timeline = await load();
  const clock = createFakeClock();
  const abort = new AbortController();
  let moments = 0;
  for await (const _ of replaySightings(timeline, { speed: 1, clock, signal: abort.signal })) {
    moments += 1;
    abort.abort();
  }
  assert.equal(moments, 1);
});
