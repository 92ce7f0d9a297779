import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectTo } from '../../test/api-server/connect-to.ts';
import { startApiServer } from '../../test/api-server/start-api-server.ts';
import { createFakeClock } from '../../test/fake-clock.ts';
import { reviewAccess, reviewToken } from './review-access.ts';

const ALICE = { username: 'alice', uid: 'u-1', groups: ['people'], extra: { scopes: ['a'] } };
const LIST = { verb: 'list', group: '', resource: 'events', namespace: 'shop', name: '' };

test('reviewToken says whose a token is, and that it is nobody’s when it is meant for others', async (context) => {
  const server = await startApiServer();
  context.after(() => server.stop());
  const cluster = await connectTo(server);
  context.after(() => cluster.close());
  const asking = { clock: createFakeClock() };
  const tokens = { 'token-a': { username: 'alice', groups: ['people'] }, 'token-e': { username: '' } };
  server.review({ tokens, audiences: ['hark', 'other'], allows: () => false });
  const found = { username: 'alice', uid: '', groups: ['people'], extra: {} };
  assert.deepEqual(await reviewToken(cluster, 'token-a', ['hark'], asking), found);
  assert.deepEqual(await reviewToken(cluster, 'token-a', ['none', 'other'], asking), found);
  for (const [token, audiences] of [
    ['token-a', ['none']],
    ['token-a', []],
    ['token-b', ['hark']],
    ['token-e', ['hark']],
  ] as const)
    assert.equal(await reviewToken(cluster, token, audiences, asking), undefined, `${token} ${audiences}`);
  const unaware = { status: { authenticated: true, user: { username: 'alice' } } };
  server.script('any', { pieces: [JSON.stringify(unaware)] });
  assert.equal(await reviewToken(cluster, 'token-a', ['hark'], asking), undefined);
  server.script('any', { pieces: [JSON.stringify(unaware)] });
  assert.deepEqual((await reviewToken(cluster, 'token-a', [], asking))?.username, 'alice');
});

test('reviewAccess asks with all that is known of a user, and takes nothing but yes for yes', async (context) => {
  const server = await startApiServer();
  context.after(() => server.stop());
  const cluster = await connectTo(server);
  context.after(() => cluster.close());
  const asking = { clock: createFakeClock() };
  server.review({
    tokens: {},
    allows: ({ user, verb, path }) => user === 'alice' && (verb === 'list' || path === '/metrics'),
  });
  assert.equal(await reviewAccess(cluster, ALICE, LIST, asking), true);
  assert.equal(await reviewAccess(cluster, ALICE, { ...LIST, verb: 'get' }, asking), false);
  assert.equal(await reviewAccess(cluster, ALICE, { verb: 'get', path: '/metrics' }, asking), true);
  const { body } = await server.seen(() => true);
  assert.deepEqual((body as { spec: object }).spec, {
    user: 'alice',
    uid: 'u-1',
    groups: ['people'],
    extra: { scopes: ['a'] },
    resourceAttributes: LIST,
  });
  for (const status of [
    {},
    { allowed: 'true' },
    { allowed: true, denied: true },
    undefined,
    { evaluationError: 'x' },
  ]) {
    server.script('any', { pieces: [JSON.stringify({ status })] });
    assert.equal(await reviewAccess(cluster, ALICE, LIST, asking), false, JSON.stringify(status));
  }
  for (const status of [403, 500, 429]) {
    server.script('any', { status });
    await assert.rejects(reviewAccess(cluster, ALICE, LIST, asking), /cannot create a SubjectAccessReview/);
  }
  server.script('any', { pieces: ['{"status'], ending: 'cut' });
  await assert.rejects(reviewAccess(cluster, ALICE, LIST, asking));
});
