import assert from 'node:assert/strict';
import test from 'node:test';
import { readRecordedEvents, readRecordedUpdates } from '../../test/api-server/read-recorded-events.ts';
import { type Heard, startWatchedDouble, type WatchedDouble } from '../../test/api-server/watch-double.ts';
import { MINUTE, SECOND } from '../lib/time.ts';
import type { WatchItem } from './watch-item.ts';

const EVENTS = readRecordedEvents('v1.36/b-bad-image');
const UPDATES = readRecordedUpdates('v1.36/d-unschedulable');
const [UPDATE, NEXT_UPDATE] = UPDATES as [(typeof UPDATES)[0], (typeof UPDATES)[0]];

const FIRST_WAIT = 0.375 * SECOND;
const IDLE = 10 * SECOND;
/** A watch is asked to end after 90 s, when the dice say 0.5. */
const WATCH_IDLES = 9;

/** A watch of the recorded Events that is past its list. */
async function startSynced(double: WatchedDouble): Promise<Heard> {
  const heard = double.watch();
  await heard.until('synced');
  await double.server.watching();
  return heard;
}

/** What a watch was opened from. */
function startsOf({ server }: WatchedDouble): (string | null)[] {
  return server.requests
    .filter(({ verb }) => verb === 'watch')
    .map(({ query }) => query.get('resourceVersion'));
}

function gapsOf(heard: Heard): Extract<WatchItem, { type: 'gap' }>[] {
  return heard.items.filter((item) => item.type === 'gap');
}

test('watchScope goes on where it stood when the server ends the watch in order', async (t) => {
  const double = await startWatchedDouble(t, { events: EVENTS });
  const heard = await startSynced(double);
  double.server.storage.write(UPDATE);
  await heard.until('added');
  double.clock.advance(8 * MINUTE);
  double.server.endWatches();
  await double.server.watching();
  double.server.storage.write(NEXT_UPDATE);
  await heard.until(({ type }) => type === 'added' || type === 'modified', 2);
  const [, second] = startsOf(double);
  assert.equal(second, String(double.server.storage.revision() - 1));
  assert.equal(gapsOf(heard).length, 1);
});

test('watchScope loses nothing that is written while it is not connected', async (t) => {
  const double = await startWatchedDouble(t, { events: EVENTS });
  const heard = await startSynced(double);
  double.server.endWatches('reset');
  for (const update of UPDATES) double.server.storage.write(update);
  await double.clock.pass(FIRST_WAIT);
  await heard.until(({ type }) => type === 'added' || type === 'modified', UPDATES.length);
  assert.deepEqual(
    heard.items.flatMap((item) => ('event' in item && item.type !== 'listed' ? [item.event.name] : [])),
    UPDATES.map(({ metadata }) => metadata.name),
  );
  assert.deepEqual(heard.story().slice(2), [
    'notice warn cluster-unreachable',
    'notice info connected-again',
  ]);
});

test('watchScope goes on after a line that was cut in the middle, and gets it whole', async (t) => {
  const double = await startWatchedDouble(t, { events: EVENTS });
  const heard = await startSynced(double);
  double.server.script('watch', { real: { cutAfterBytes: 700 } });
  double.server.endWatches('cut');
  double.server.storage.write(UPDATE);
  await double.clock.pass(FIRST_WAIT);
  await double.server.seen('watch', 2);
  await double.clock.pass(2 * FIRST_WAIT);
  await heard.until('added');
  const [added, ...more] = heard.items.filter(({ type }) => type === 'added');
  assert.equal(added?.type === 'added' && added.event.name, UPDATE.metadata.name);
  assert.deepEqual(more, []);
});

test('watchScope lists anew when a line says that its resourceVersion has expired', async (t) => {
  const double = await startWatchedDouble(t, { events: EVENTS });
  const heard = await startSynced(double);
  await double.clock.pass(IDLE);
  const proven = double.clock.now() - IDLE;
  double.server.storage.advance(10);
  double.server.endWatches('reset');
  double.server.storage.write(UPDATE);
  double.server.storage.compact();
  await double.clock.pass(FIRST_WAIT);
  await heard.until('synced', 2);
  const [, gap] = gapsOf(heard);
  assert.equal(gap?.reason, 'unreachable');
  assert.equal(gap?.from, proven);
  const listed = heard.items.filter((item) => item.type === 'listed');
  assert.equal(listed.length, 2 * EVENTS.length + 1);
});

test('watchScope says expired when the server was there all the time', async (t) => {
  const double = await startWatchedDouble(t, { events: EVENTS });
  const heard = await startSynced(double);
  double.clock.advance(3 * SECOND);
  double.server.storage.write(UPDATE);
  await heard.until('added');
  double.server.storage.advance();
  double.server.storage.compact();
  double.server.endWatches();
  await heard.until('synced', 2);
  assert.equal(gapsOf(heard)[1]?.reason, 'expired');
});

for (const [how, answer] of [
  ['HTTP 410', { status: 410 }],
  ['HTTP 400 to a resourceVersion that it cannot read', { status: 400 }],
] as const) {
  test(`watchScope lists anew when the server answers a watch with ${how}`, async (t) => {
    const double = await startWatchedDouble(t, { events: EVENTS });
    const heard = await startSynced(double);
    await double.clock.pass(IDLE);
    double.server.script('watch', answer);
    double.server.endWatches();
    await heard.until('synced', 2);
    assert.deepEqual(
      gapsOf(heard).map(({ reason }) => reason),
      ['started', 'expired'],
    );
  });
}

test('watchScope lists anew when the server ends every watch at once without a line', async (t) => {
  const double = await startWatchedDouble(t, { events: EVENTS });
  const heard = await startSynced(double);
  await double.clock.pass(IDLE);
  const proven = double.clock.now();
  double.server.script('watch', { pieces: [] }, 2);
  double.server.endWatches();
  await double.clock.pass(FIRST_WAIT);
  await double.clock.pass(2 * FIRST_WAIT);
  await heard.until('synced', 2);
  assert.deepEqual(
    gapsOf(heard).map(({ reason, from }) => [reason, from]),
    [
      ['started', proven - IDLE],
      ['expired', proven],
    ],
  );
});

test('watchScope goes on where it stood when a single watch ends at once: the server may be only just coming up', async (t) => {
  const double = await startWatchedDouble(t, { events: EVENTS });
  const heard = await startSynced(double);
  await double.clock.pass(IDLE);
  double.server.script('watch', { pieces: [] });
  double.server.endWatches();
  double.server.storage.write(UPDATE);
  await double.clock.pass(FIRST_WAIT);
  await heard.until('added');
  assert.equal(gapsOf(heard).length, 1);
});

test('watchScope lists anew when the server breaks every watch off before its first line', async (t) => {
  const double = await startWatchedDouble(t, { events: EVENTS });
  const heard = await startSynced(double);
  await double.clock.pass(IDLE);
  double.server.script('watch', { pieces: [], ending: 'cut' }, 2);
  double.server.endWatches();
  await double.clock.pass(FIRST_WAIT);
  await double.clock.pass(2 * FIRST_WAIT);
  await heard.until('synced', 2);
  assert.equal(gapsOf(heard).length, 2);
});

test('watchScope does not list anew when a watch has been silent for all of its time', async (t) => {
  const double = await startWatchedDouble(t, { events: EVENTS });
  const heard = await startSynced(double);
  for (let times = 0; times < 3; times++) {
    await double.clock.pass(IDLE);
    double.server.endWatches();
    await double.server.watching();
  }
  await double.clock.pass(IDLE);
  double.server.storage.write(UPDATE);
  await heard.until('added');
  assert.deepEqual(heard.story(), ['gap started', `synced ${double.server.storage.revision() - 1}`]);
});

test('watchScope waits longer each time that lists and watches are refused at once, and never gives up', async (t) => {
  const double = await startWatchedDouble(t, { events: EVENTS });
  const heard = await startSynced(double);
  await double.clock.pass(IDLE);
  double.server.script('watch', { pieces: [] }, 7);
  double.server.endWatches();
  for (const wait of [0.375, 0.75, 1.5, 3, 6, 12, 22.5]) await double.clock.pass(wait * SECOND);
  await double.server.watching();
  double.server.storage.write(UPDATE);
  await heard.until('added');
});

test('watchScope counts and skips lines that it cannot read, and says so once', async (t) => {
  const double = await startWatchedDouble(t, { events: EVENTS });
  const heard = await startSynced(double);
  const line = `${JSON.stringify({ type: 'ADDED', object: { kind: 'Event', apiVersion: 'v1', ...UPDATE } })}\n`;
  const broken = [
    '{"type":"ADDED","obj\n',
    'null\n',
    '{"type":"MOVED","object":{}}\n',
    '{"type":"ADDED","object":7}\n',
  ];
  const huge = `{"type":"ADDED","object":{"kind":"Event","message":"${'x'.repeat(9 * 1024 * 1024)}"}}\n`;
  double.server.script('watch', { pieces: [...broken, huge, line], ending: 'hang' });
  await double.clock.pass(IDLE);
  double.server.endWatches();
  await heard.until('added');
  const notices = heard.items.filter((item) => item.type === 'notice');
  assert.deepEqual(
    notices.map(({ code, level }) => `${level} ${code}`),
    ['warn broken-event'],
  );
});

test('watchScope counts and skips an item of a list that is too large to be an Event', async (t) => {
  const double = await startWatchedDouble(t, { watchList: 'refused', revision: 9 });
  const items = [`{"message":"${'x'.repeat(9 * 1024 * 1024)}"}`, JSON.stringify(UPDATE)];
  const list = `{"kind":"EventList","apiVersion":"v1","metadata":{"resourceVersion":"9"},"items":[${items}]}`;
  double.server.script(({ query }) => query.get('limit') === '500', { pieces: [list] });
  const heard = double.watch();
  await heard.until('synced');
  assert.equal(heard.items.filter(({ type }) => type === 'listed').length, 1);
  assert.deepEqual(heard.story(), ['gap started', 'notice warn broken-event', 'synced 9']);
});

test('watchScope opens a watch anew that the server should have ended', async (t) => {
  const double = await startWatchedDouble(t, { events: EVENTS });
  const heard = await startSynced(double);
  const limit = 90 + 15; // timeoutSeconds, when the dice say 0.5, and the grace
  for (let seconds = 0; seconds < limit; seconds += 8) {
    assert.equal(startsOf(double).length, 1, `after ${seconds} s`);
    double.clock.advance(8 * SECOND);
    double.server.storage.write({ ...UPDATE, count: seconds });
    await heard.until(({ type }) => type === 'added' || type === 'modified', 1 + seconds / 8);
  }
  await double.server.seen('watch', 2);
  assert.equal(startsOf(double)[1], String(double.server.storage.revision() - 1));
});

test('watchScope opens a silent watch anew after two minutes: a dead connection tells nothing of its death', async (t) => {
  const double = await startWatchedDouble(t, { events: EVENTS });
  double.server.script(({ query }) => query.has('sendInitialEvents'), { status: 422 });
  double.server.script('watch', { pieces: [], ending: 'hang' });
  const heard = double.watch();
  await heard.until('synced');
  await double.server.seen('watch', 2);
  double.server.storage.write(UPDATE);
  for (let idles = 0; idles < 11; idles++) await double.clock.pass(IDLE);
  const added = await heard.until('added');
  assert.equal(added.type === 'added' && added.event.name, UPDATE.metadata.name);
  assert.deepEqual(heard.story(), ['gap started', `synced ${double.server.storage.revision() - 1}`]);
});

/** Lets a watch be silent until the server ends it in order, as it was asked to. */
async function passSilentWatch({ server, clock }: WatchedDouble, count: number): Promise<void> {
  for (let idles = 0; idles < WATCH_IDLES; idles++) await clock.pass(IDLE);
  server.endWatches();
  await server.seen('watch', count);
  await server.watching();
}

test('watchScope misses nothing on an idle cluster whose etcd forgets within 20 seconds', async (t) => {
  const double = await startWatchedDouble(t, { events: EVENTS });
  const heard = await startSynced(double);
  const { server, clock } = double;
  for (let watches = 0; watches < 10; watches++) {
    for (let idles = 0; idles < WATCH_IDLES - 1; idles++) {
      await clock.pass(IDLE);
      server.storage.advance(10);
      if (idles === WATCH_IDLES - 3) server.storage.compact();
    }
    await clock.pass(IDLE);
    server.endWatches();
    await server.seen('watch', watches + 2);
    await server.watching();
  }
  server.storage.write(UPDATE);
  await heard.until('added');
  assert.deepEqual(heard.story().slice(2), []);
  const starts = startsOf(double).slice(1).map(Number);
  assert.ok((starts.at(-1) ?? 0) - (starts[0] ?? 0) >= 9 * 80, starts.join());
});

test('watchScope does not take the silence of a dead connection for proof', async (t) => {
  const double = await startWatchedDouble(t, { events: EVENTS });
  double.server.script(({ query }) => query.has('sendInitialEvents'), { status: 422 });
  double.server.script('watch', { pieces: [], ending: 'hang' });
  const heard = double.watch();
  await heard.until('synced');
  await double.server.seen('watch', 2);
  const [, from] = startsOf(double);
  await double.clock.pass(IDLE);
  double.server.storage.write(UPDATE);
  for (let idles = 1; idles < WATCH_IDLES; idles++) await double.clock.pass(IDLE);
  await double.server.crash();
  await double.clock.untilSet(FIRST_WAIT);
  await double.server.restart();
  await double.clock.pass(FIRST_WAIT);
  await heard.until('added');
  assert.equal(startsOf(double)[2], from);
});

test('watchScope says alive only as far as it has proven', async (t) => {
  const double = await startWatchedDouble(t, { events: EVENTS });
  const heard = await startSynced(double);
  const { server, clock } = double;
  const start = clock.now();
  clock.advance(5 * SECOND);
  server.storage.write(UPDATE);
  await heard.until('added');
  assert.deepEqual(await heard.until('alive'), {
    type: 'alive',
    resourceVersion: String(server.storage.revision()),
    at: start + 5 * SECOND,
    namespace: '',
  });
  await passSilentWatch(double, 2);
  const renewedAt = clock.now();
  server.storage.advance(3);
  await clock.pass(IDLE);
  const alive = await heard.until('alive', 2);
  assert.equal(alive.at, renewedAt);
  assert.ok(heard.items.filter(({ type }) => type === 'alive').every(({ at }) => at <= clock.now() - IDLE));
});

test('watchScope tells that it is alive once a second at most while Events pour in', async (t) => {
  const double = await startWatchedDouble(t, { events: EVENTS });
  const heard = await startSynced(double);
  for (const [index, update] of UPDATES.slice(0, 8).entries()) {
    double.clock.advance(0.5 * SECOND);
    double.server.storage.write(update);
    await heard.until((item) => item.type === 'added' || item.type === 'modified', index + 1);
  }
  await heard.until('alive', 4);
  assert.equal(heard.items.filter(({ type }) => type === 'alive').length, 4);
});

test('watchScope listens anew when the cluster was restored to an older state', async (t) => {
  const double = await startWatchedDouble(t, { events: EVENTS });
  const heard = await startSynced(double);
  const { server, clock } = double;
  server.rebuild({
    events: [{ ...UPDATE, metadata: { ...UPDATE.metadata, resourceVersion: '7' } }],
    revision: 9,
  });
  for (let idles = 0; idles < 11; idles++) await clock.pass(IDLE);
  await heard.until('synced', 2);
  assert.deepEqual(heard.story().slice(2), ['gap rebuilt', 'synced 9']);
});

test('watchScope listens anew when another cluster answers at the same address, whatever its revision', async (t) => {
  const double = await startWatchedDouble(t, { events: EVENTS, kubeSystemUid: 'one' });
  const { server, clock } = double;
  const heard = double.watch({ uid: 'one' });
  await heard.until('synced');
  await server.watching();
  await server.crash();
  await clock.pass(FIRST_WAIT);
  await clock.untilSet(2 * FIRST_WAIT);
  server.rebuild({ events: [UPDATE], revision: server.storage.revision() + 5000, kubeSystemUid: 'two' });
  await server.restart();
  await clock.pass(2 * FIRST_WAIT);
  await heard.until('synced', 2);
  assert.deepEqual(heard.story().slice(2), [
    'notice warn cluster-unreachable',
    'gap rebuilt',
    'notice info connected-again',
    `synced ${server.storage.revision()}`,
  ]);
});

test('watchScope waits until a new cluster can tell who it is, for those who want to know then', async (t) => {
  const double = await startWatchedDouble(t, { events: EVENTS, kubeSystemUid: 'one' });
  const { server, clock } = double;
  const heard = double.watch({ uid: 'one' });
  await heard.until('synced');
  await server.watching();
  server.rebuild({ events: [], revision: 3, kubeSystemUid: 'two' });
  server.script(({ path }) => path.endsWith('/kube-system'), { status: 404 }, 2);
  server.endWatches('reset');
  for (const wait of [1, 2, 4]) await clock.pass(wait * FIRST_WAIT);
  await heard.until('synced', 2);
  await clock.pass(IDLE);
  assert.deepEqual(heard.story().slice(2), [
    'notice warn cluster-unreachable',
    'notice warn cluster-starting',
    'gap rebuilt',
    'notice info connected-again',
    'synced 3',
  ]);
});

test('watchScope goes on without knowing who a new cluster is, when that can never be read', async (t) => {
  const double = await startWatchedDouble(t, { events: EVENTS, kubeSystemUid: 'one' });
  const { server, clock } = double;
  const heard = double.watch({ uid: 'one' });
  await heard.until('synced');
  await server.watching();
  server.allow(({ path }) => !path.endsWith('/kube-system'));
  server.rebuild({ events: [], revision: 3 });
  server.endWatches('reset');
  for (const wait of [0.375, 0.75, 1.5, 3, 6, 12, 22.5, 22.5, 22.5]) await clock.pass(wait * SECOND);
  await heard.until('synced', 2);
  assert.equal(gapsOf(heard)[1]?.reason, 'rebuilt');
});

test('watchScope resumes from where the caller stood, without a list', async (t) => {
  const double = await startWatchedDouble(t, { events: EVENTS });
  const { server, clock } = double;
  const at = clock.now() - 30 * SECOND;
  const resourceVersion = String(server.storage.revision());
  for (const update of UPDATES) server.storage.write(update);
  const heard = double.watch({ resume: new Map([['', { resourceVersion, at }]]) });
  await heard.until('resumed');
  assert.equal(heard.items.filter(({ type }) => type === 'listed').length, 0);
  assert.equal(
    heard.items.filter(({ type }) => type === 'added' || type === 'modified').length,
    UPDATES.length,
  );
  assert.deepEqual(heard.items.at(-1), {
    type: 'resumed',
    resourceVersion: String(server.storage.revision()),
    from: at,
    at: clock.now(),
    namespace: '',
  });
});

test('watchScope claims nothing of the time that it has not caught up with', async (t) => {
  const double = await startWatchedDouble(t, { events: EVENTS });
  const { server, clock } = double;
  const at = clock.now() - 30 * SECOND;
  const resourceVersion = String(server.storage.revision());
  for (const update of UPDATES) server.storage.write(update);
  const [first] = server.storage.changesAfter(Number(resourceVersion));
  const line = JSON.stringify({
    type: 'ADDED',
    object: { kind: 'Event', apiVersion: 'v1', ...first?.event },
  });
  server.script('watch', { pieces: [`${line}\n`], ending: 'reset' });
  const heard = double.watch({ resume: new Map([['', { resourceVersion, at }]]) });
  await heard.until('added');
  await clock.untilSet(FIRST_WAIT);
  server.storage.compact();
  await clock.pass(FIRST_WAIT);
  await heard.until('synced');
  assert.equal(gapsOf(heard)[0]?.from, at);
  assert.ok(heard.items.every(({ type }) => type !== 'alive' && type !== 'resumed'));
});

test('watchScope resumes when nothing has happened since: told once silence has proven it', async (t) => {
  const double = await startWatchedDouble(t, { events: EVENTS });
  const { server, clock } = double;
  const at = clock.now() - 30 * SECOND;
  const heard = double.watch({
    resume: new Map([['', { resourceVersion: String(server.storage.revision()), at }]]),
  });
  const start = clock.now();
  await clock.pass(IDLE);
  const resumed = await heard.until('resumed');
  assert.equal(resumed.at, start);
});

test('watchScope lists anew when the server has forgotten what the caller resumes from', async (t) => {
  const double = await startWatchedDouble(t, { events: EVENTS });
  const { server, clock } = double;
  const at = clock.now() - 30 * MINUTE;
  const resourceVersion = String(server.storage.revision());
  server.storage.write(UPDATE);
  server.storage.compact();
  const heard = double.watch({ resume: new Map([['', { resourceVersion, at }]]) });
  await heard.until('synced');
  assert.deepEqual(heard.story(), ['gap expired', `synced ${server.storage.revision()}`]);
  assert.equal(gapsOf(heard)[0]?.from, at);
});

for (const [what, uid, ahead] of [
  ['is from the future', 'one', 1000],
  ['belongs to another cluster', 'another', 0],
] as const) {
  test(`watchScope lists anew when what the caller resumes from ${what}`, async (t) => {
    const double = await startWatchedDouble(t, { events: EVENTS, kubeSystemUid: 'one' });
    const { server, clock } = double;
    const resourceVersion = String(server.storage.revision() + ahead);
    const heard = double.watch({ uid, resume: new Map([['', { resourceVersion, at: clock.now() }]]) });
    await heard.until('synced');
    assert.deepEqual(heard.story(), ['gap rebuilt', `synced ${server.storage.revision()}`]);
  });
}
