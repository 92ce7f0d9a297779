import assert from 'node:assert/strict';
import test from 'node:test';
import { readRecordedEvents, readRecordedUpdates } from '../../test/api-server/read-recorded-events.ts';
import { startWatchedDouble } from '../../test/api-server/watch-double.ts';
import { EXIT, HarkError } from '../lib/errors.ts';
import { MINUTE, SECOND } from '../lib/time.ts';

const EVENTS = readRecordedEvents('v1.36/g-jobs');
const [UPDATE] = readRecordedUpdates('v1.36/d-unschedulable') as [(typeof EVENTS)[0]];

/** The waits after failures in a row, when the dice say 0.5. */
const WAITS = [0.375, 0.75, 1.5, 3, 6, 12, 22.5, 22.5].map((seconds) => seconds * SECOND);
const IDLE = 10 * SECOND;

function isFailure(code: string, exitCode: number, hint = /./) {
  return (error: unknown) => {
    assert.ok(error instanceof HarkError, String(error));
    assert.equal(error.code, code);
    assert.equal(error.exitCode, exitCode);
    assert.match(error.hint, hint);
    return true;
  };
}

test('recoverScope waits as long as a 429 asks, in seconds or until a date', async (t) => {
  const { server, clock, watch } = await startWatchedDouble(t, { events: EVENTS });
  const date = new Date(clock.now() / 1000 + 90_000).toUTCString();
  server.script('watch', { status: 429, headers: { 'retry-after': '40' } });
  server.script('watch', { status: 429, headers: { 'retry-after': date } });
  const heard = watch();
  await clock.pass(40 * SECOND);
  await clock.pass(50 * SECOND);
  await heard.until('synced');
  assert.deepEqual(heard.story().slice(1, 3), ['notice warn throttled', 'notice info connected-again']);
});

test('recoverScope grants a server no longer wait than five minutes', async (t) => {
  const { server, clock, watch } = await startWatchedDouble(t, { events: EVENTS });
  server.script('watch', { status: 503, headers: { 'retry-after': '86400' } });
  const heard = watch();
  await clock.pass(5 * MINUTE);
  await heard.until('synced');
});

test('recoverScope says once what fails, says when it changes, and says once that it works again', async (t) => {
  const { server, clock, watch } = await startWatchedDouble(t, { events: EVENTS });
  const heard = watch();
  await heard.until('synced');
  await server.watching();
  server.script('list', { status: 500 }, 2);
  server.script('list', { status: 503 }, 1);
  server.script('list', { status: 429 }, 1);
  server.script('list', { reset: true }, 2); // the first may be of a kept connection, and is tried again at once
  server.script('watch', { status: 504 }, 1);
  server.endWatches('reset');
  for (const wait of WAITS.slice(0, 7)) await clock.pass(wait);
  await clock.pass(IDLE);
  await heard.until((item) => item.type === 'notice' && item.level === 'info');
  assert.deepEqual(heard.story().slice(2), [
    'notice warn cluster-unreachable',
    'notice warn server-error',
    'notice warn throttled',
    'notice warn cluster-unreachable',
    'notice warn server-error',
    'notice info connected-again',
  ]);
});

test('recoverScope waits 30 s at most while nothing listens, then catches up', async (t) => {
  const { server, clock, watch } = await startWatchedDouble(t, { events: EVENTS });
  const heard = watch();
  await heard.until('synced');
  await server.watching();
  await server.crash();
  for (const wait of [...WAITS, ...WAITS.slice(-1), ...WAITS.slice(-1)]) await clock.pass(wait);
  await clock.untilSet(WAITS.at(-1) ?? 0);
  server.storage.write(UPDATE);
  await server.restart();
  await clock.pass(WAITS.at(-1) ?? 0);
  await heard.until('added');
  assert.deepEqual(heard.story().slice(2), [
    'notice warn cluster-unreachable',
    'notice info connected-again',
  ]);

  server.endWatches('reset');
  await clock.pass(WAITS[0] ?? 0); // short again
  await server.watching();
});

test('recoverScope waits for a cluster that cannot be reached at first', async (t) => {
  const { server, clock, watch } = await startWatchedDouble(t, { events: EVENTS });
  await server.crash();
  const heard = watch();
  await clock.pass(WAITS[0] ?? 0);
  await clock.untilSet(WAITS[1] ?? 0);
  await server.restart();
  await clock.pass(WAITS[1] ?? 0);
  await heard.until('synced');
  assert.deepEqual(heard.story(), [
    'notice warn cluster-unreachable',
    'notice info connected-again',
    'gap started',
    `synced ${server.storage.revision()}`,
  ]);
});

test('recoverScope gives a server a minute to begin its answer, to a list and to a watch', async (t) => {
  const { server, clock, watch } = await startWatchedDouble(t, { events: EVENTS });
  server.script('list', { hang: true });
  server.script('watch', { hang: true });
  const heard = watch();
  await server.seen('list');
  await clock.pass(MINUTE);
  await clock.pass(WAITS[0] ?? 0);
  await server.seen('watch');
  await clock.pass(MINUTE);
  await clock.pass(WAITS[0] ?? 0);
  await heard.until('synced');
  const [notice] = heard.items.filter((item) => item.type === 'notice');
  assert.match(notice?.text ?? '', /did not answer within 60 s/);
});

test('recoverScope fails at once when the credentials are refused from the start', async (t) => {
  const { server, watch } = await startWatchedDouble(t, { events: EVENTS }, { token: 'old' });
  server.acceptTokens(['new']);
  const heard = watch();
  await assert.rejects(heard.ended, isFailure('unauthorized', EXIT.forbidden, /log in/));
  assert.equal(server.requests.length, 2); // once more after reading the credentials again
});

test('recoverScope goes on trying when credentials are refused later, and works again once they are accepted', async (t) => {
  const { server, clock, watch } = await startWatchedDouble(t, { events: EVENTS }, { token: 'mine' });
  const heard = watch();
  await heard.until('synced');
  await server.watching();
  await clock.pass(IDLE);
  server.acceptTokens([]);
  server.endWatches();
  await clock.untilSet(WAITS[0] ?? 0);
  server.acceptTokens(['mine']);
  server.storage.write(UPDATE);
  await clock.pass(WAITS[0] ?? 0);
  await heard.until('added');
  assert.deepEqual(heard.story().slice(2), ['notice warn unauthorized', 'notice info connected-again']);
});

test('recoverScope goes on trying when listening is forbidden later', async (t) => {
  const { server, clock, watch } = await startWatchedDouble(t, { events: EVENTS });
  const heard = watch();
  await heard.until('synced');
  await server.watching();
  await clock.pass(IDLE);
  server.allow(() => false);
  server.endWatches();
  await clock.pass(WAITS[0] ?? 0);
  await clock.untilSet(WAITS[1] ?? 0);
  server.allow(() => true);
  server.storage.write(UPDATE);
  await clock.pass(WAITS[1] ?? 0);
  await heard.until('added');
  assert.deepEqual(heard.story().slice(2), ['notice warn forbidden', 'notice info connected-again']);
});

test('recoverScope fails when Events may be listed but not watched', async (t) => {
  const { server, watch } = await startWatchedDouble(t, { events: EVENTS });
  server.allow(({ verb }) => verb !== 'watch');
  await assert.rejects(watch().ended, isFailure('forbidden', EXIT.forbidden, /auth can-i/));
});

test('recoverScope fails at once when the server is no Kubernetes API server', async (t) => {
  const { server, watch } = await startWatchedDouble(t, { events: EVENTS });
  server.script('any', { pieces: ['<html>Sign in to the guest network</html>'] }, 100);
  await assert.rejects(watch().ended, isFailure('not-kubernetes', EXIT.unreachable, /login page/));
});

test('recoverScope tells of a broken connection what broke', async (t) => {
  const { server, clock, watch } = await startWatchedDouble(t, { events: EVENTS });
  const heard = watch();
  await heard.until('synced');
  await server.watching();
  await server.crash();
  await clock.pass(WAITS[0] ?? 0);
  await clock.untilSet(WAITS[1] ?? 0);
  const [notice] = heard.items.filter((item) => item.type === 'notice');
  assert.match(
    notice?.text ?? '',
    /^cannot reach cluster "double" at https:\/\/127\.0\.0\.1:\d+: .*; trying again until it works$/,
  );
});
