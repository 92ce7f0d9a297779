import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { createClock } from '../../src/lib/clock.ts';
import { wallClock } from '../../src/lib/time.ts';
import { connectTo } from '../api-server/connect-to.ts';
import type { ReviewedWish } from '../api-server/serve-reviews.ts';
import { runHere } from '../cli/run-here.ts';
import {
  ask,
  bearer,
  DEMO,
  importInto,
  serveFile,
  setUpAccess,
  startReviewer,
  until,
} from './guarded-server.ts';

const RECORDINGS = join(import.meta.dirname, '../recordings/v1.36');
/** Three clusters: the users are known by the first, the third is listened to by nobody here. */
const { file } = await importInto(DEMO, 'home');
for (const [name, recording] of [
  ['away', 'c-crashloop'],
  ['gone', 'g-jobs'],
] as const) {
  const args = [
    'import',
    join(RECORDINGS, recording, 'events-core-v1.jsonl.gz'),
    '--cluster',
    name,
    '--store',
    file,
  ];
  const { code, stderr } = await runHere(args);
  assert.equal(code, 0, stderr);
}
const [home, away] = [await startReviewer('name:home'), await startReviewer('name:away')];
const users = {
  'token-alice': { username: 'alice', groups: ['people', 'system:authenticated'] },
  'token-robot': { username: 'system:serviceaccount:kube-system:robot', groups: ['system:serviceaccounts'] },
  'token-master': { username: 'master', groups: ['system:masters'] },
  'token-guest': { username: 'guest', groups: [] },
};
const reviewer = (allows: (wish: ReviewedWish) => boolean) => ({ tokens: users, allows });
home.review(
  reviewer(({ user, namespace }) => user !== 'guest' && (user !== 'alice' || namespace === 'shop')),
);
away.review(reviewer(({ user, groups }) => user !== 'guest' || groups.includes('system:masters')));
const clock = createClock(wallClock);
const clusters = [await connectTo(home, { clock }), await connectTo(away, { clock })] as const;
const said: string[] = [];
const report = ({ message }: Error) => void said.push(message);
const server = await serveFile(file, { ...setUpAccess(clusters), report });

interface Listed {
  readonly clusters: readonly { readonly name: string }[];
}

async function seen(user: string): Promise<string[]> {
  const { status, text } = await ask(server.url, '/v1/clusters', bearer(`token-${user}`));
  return status === 200
    ? (JSON.parse(text) as Listed).clusters.map(({ name }) => name).sort()
    : [`${status}`];
}

test('of each cluster its own API server says what may be seen, of one that none answers for nothing is', async () => {
  assert.deepEqual(await seen('alice'), ['away', 'home']);
  assert.deepEqual(await seen('guest'), ['403']);
  const events = async (cluster: string) =>
    JSON.parse(
      (await ask(server.url, `/v1/events?limit=5000&cluster=${cluster}`, bearer('token-alice'))).text,
    ) as {
      items?: readonly { event: { metadata: { namespace: string } } }[];
      error?: { code: string; hint: string };
    };
  const namespaces = new Set((await events('home')).items?.map(({ event }) => event.metadata.namespace));
  assert.deepEqual([...namespaces], ['shop']);
  assert.ok(((await events('away')).items?.length ?? 0) > 5);
  const { error } = await events('gone');
  assert.equal(error?.code, 'unknown-cluster');
  assert.deepEqual((await events('none')).error?.hint, error?.hint);
});

test('below /clusters/NAME the permissions of that cluster count, and one that may not be seen is none', async () => {
  const status = async (path: string) =>
    (await ask(server.url, `/clusters/${path}`, bearer('token-alice'))).status;
  // Of the one cluster alice sees a namespace, of the other all; the third is not there for anybody.
  assert.equal(await status('home/api/v1/namespaces/shop/events'), 200);
  assert.equal(await status('home/api/v1/namespaces/payments/events'), 403);
  assert.equal(await status('away/api/v1/namespaces/payments/events'), 200);
  assert.equal(await status('home/api/v1/events'), 403);
  assert.equal(await status('away/api/v1/events'), 200);
  for (const name of ['gone', 'none']) {
    assert.equal(await status(`${name}/api/v1/events`), 404);
    assert.equal(await status(`${name}/api/v1/namespaces/shop/events`), 404);
    assert.equal(await status(`${name}/api`), 404);
  }
});

test('pages of several clusters, of each of which another part may be seen, hold every Event once in its order', async () => {
  const headers = bearer('token-alice');
  const ids: string[] = [];
  for (let cursor = ''; ; ) {
    const { text } = await ask(server.url, `/v1/events?limit=7${cursor}`, headers);
    const { items, next } = JSON.parse(text) as { items: { id: string }[]; next: string | null };
    ids.unshift(...items.map(({ id }) => id));
    if (next === null) break;
    cursor = `&cursor=${next}`;
  }
  const lines = (await ask(server.url, '/v1/events', { ...headers, accept: 'application/x-ndjson' })).text;
  const whole = lines
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { id: string }).id);
  assert.ok(whole.length > 50);
  assert.equal(new Set(ids).size, ids.length);
  assert.deepEqual(ids, whole);
});

test('what a cluster calls its own is nobody elsewhere: its service accounts, its masters', async () => {
  assert.deepEqual(await seen('robot'), ['home']);
  // The groups that count elsewhere are those of people.
  assert.deepEqual(await seen('master'), ['away', 'home']);
  const specs = away.requests
    .filter(({ path }) => path.endsWith('subjectaccessreviews'))
    .map(({ body }) => (body as { spec: { user: string; groups: string[] } }).spec);
  assert.ok(specs.length > 0);
  for (const { user, groups } of specs) {
    assert.equal(user.startsWith('system:'), false);
    assert.equal(groups.includes('system:masters'), false);
  }
});

test('a cluster that cannot be asked is not shown, the others are, and that is said', async () => {
  await away.crash();
  await until(async () => (await seen('alice')).join() === 'home', 'only the cluster that answers');
  const { headers } = await ask(server.url, '/v1/clusters', bearer('token-alice'));
  assert.match(
    String(headers.warning),
    /^299 hark "of one cluster it cannot be found out now what you may see/,
  );
  assert.ok(
    said.some((message) => message.includes('double')),
    said.join('\n'),
  );
  await away.restart();
  await until(async () => (await seen('alice')).join() === 'away,home', 'both clusters');
  assert.equal((await ask(server.url, '/v1/clusters', bearer('token-alice'))).headers.warning, undefined);
});
