import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { readLines } from '../kube-api/read-lines.ts';
import { CLUSTER, readSightings } from '../store/batches.ts';
import { type StartedServer, startServer } from './start-server.ts';

const SIGHTINGS = readSightings('v1.36/b-bad-image/events-core-v1.jsonl');
const TOKEN = 'a-token-that-is-long-enough';
const EVENTS = `/clusters/${CLUSTER.name}/api/v1/events`;

const fill: Parameters<typeof startServer>[0] = (store) =>
  store.write({ cluster: CLUSTER, sightings: SIGHTINGS.slice(0, -5) });
const server = await startServer(fill);
const guarded = await startServer(fill, { token: TOKEN });

/** Asks as a client of Kubernetes does; of the answer nothing is read yet. */
async function open(
  { url }: StartedServer,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<IncomingMessage> {
  const body = method === 'GET' || method === 'HEAD' ? '' : '{"kind":"Event"';
  const length = body === '' ? {} : { 'content-length': body.length };
  const sent = request(`${url}${path}`, { headers: { ...headers, ...length }, method, agent: false });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return answer;
}

async function ask(...args: Parameters<typeof open>) {
  const answer = await open(...args);
  const body = Buffer.concat(await answer.toArray());
  return { status: answer.statusCode, headers: answer.headers, body, text: body.toString() };
}

test('a cluster’s Events are answered below its name and its uid', async () => {
  const [byName, byUid] = await Promise.all([
    ask(server, EVENTS),
    ask(server, `/clusters/${CLUSTER.uid}/api/v1/events`),
  ]);
  assert.equal(byName.status, 200);
  assert.equal(byName.headers['content-type'], 'application/json');
  assert.equal(byName.text, byUid.text);
  assert.ok(JSON.parse(byName.text).items.length > 0);
  const namespaces = JSON.parse((await ask(server, `/clusters/${CLUSTER.name}/api/v1/namespaces`)).text);
  assert.deepEqual(
    namespaces.items.map((one: { metadata: { name: string } }) => one.metadata.name),
    [...new Set(SIGHTINGS.map(({ event }) => event.namespace))].sort(),
  );
});

test('a long answer is compressed for those who understand that', async () => {
  const plain = await ask(server, EVENTS);
  const packed = await ask(server, EVENTS, { 'accept-encoding': 'gzip' });
  assert.equal(packed.headers['content-encoding'], 'gzip');
  assert.equal(gunzipSync(packed.body).toString(), plain.text);
});

test('failures are told as a Status, the guard’s too', async () => {
  const unknown = await ask(server, '/clusters/tired/api/v1/events');
  assert.equal(unknown.status, 404);
  assert.match(JSON.parse(unknown.text).message, /no cluster "tired".*Did you mean "tried"/);
  for (const [from, headers, status, reason] of [
    [guarded, {}, 401, 'Unauthorized'],
    [guarded, { authorization: 'Bearer wrong' }, 401, 'Unauthorized'],
    [server, { origin: 'http://evil.example' }, 403, 'Forbidden'],
  ] as const) {
    const answer = await ask(from, EVENTS, headers);
    assert.equal(answer.status, status);
    const { kind, code, reason: told } = JSON.parse(answer.text);
    assert.deepEqual([kind, code, told], ['Status', status, reason]);
  }
  const let_in = await ask(guarded, EVENTS, { authorization: `Bearer ${TOKEN}` });
  assert.equal(let_in.status, 200);
});

test('what would change something is refused, whatever it brings', async () => {
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    const answer = await ask(server, EVENTS, { 'content-type': 'application/json' }, method);
    assert.deepEqual([answer.status, answer.headers.allow], [405, 'GET'], method);
    assert.equal(JSON.parse(answer.text).reason, 'MethodNotAllowed');
  }
  const head = await ask(server, EVENTS, {}, 'HEAD');
  assert.deepEqual([head.status, head.text], [405, '']);
});

test('a watch is heard at once, tells what is stored, and ends when the server does', async () => {
  const own = await startServer(fill);
  const list = JSON.parse((await ask(own, EVENTS)).text);
  const from = `${EVENTS}?watch=1&resourceVersion=${list.metadata.resourceVersion}`;
  const answer = await open(own, from, { 'accept-encoding': 'gzip' });
  assert.equal(answer.statusCode, 200);
  assert.equal(answer.headers['content-encoding'], undefined);
  answer.setEncoding('utf8');
  const lines = readLines(answer);
  await own.writer.write({ cluster: CLUSTER, sightings: SIGHTINGS.slice(-5) });
  const { type, object } = await lines.next();
  assert.match(type, /^(ADDED|MODIFIED)$/);
  assert.ok(Number(object.metadata.resourceVersion) > Number(list.metadata.resourceVersion));
  const stopped = own.stop();
  while ((await lines.next()) !== undefined);
  await stopped;
});
