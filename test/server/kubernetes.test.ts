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

test('a part of a list tells how many Events are left, of one namespace too', async () => {
  const group = `/clusters/${CLUSTER.name}/api/v1`;
  const all = JSON.parse((await ask(server, `${group}/events`)).text).items;
  const { namespace } = all[0].metadata;
  const within = all.filter(
    (item: { metadata: { namespace: string } }) => item.metadata.namespace === namespace,
  );
  for (const [path, count] of [
    ['/events', all.length],
    [`/namespaces/${namespace}/events`, within.length],
  ] as const) {
    const { metadata } = JSON.parse((await ask(server, `${group}${path}?limit=2`)).text);
    assert.equal(metadata.remainingItemCount, count - 2, path);
  }
});

test('stories and findings are told as objects of a group of their own', async () => {
  const group = `/clusters/${CLUSTER.name}/apis/history.hark.dev/v1`;
  const [told, why] = await Promise.all([
    server.json<{ items: { id: string }[] }>('/v1/stories?limit=1000'),
    server.json<{ findings: { id: string }[]; healed: { id: string }[] }>('/v1/why'),
  ]);
  for (const [resource, kind, ids] of [
    ['stories', 'Story', told.items],
    ['findings', 'Finding', [...why.findings, ...why.healed]],
  ] as const) {
    const list = JSON.parse((await ask(server, `${group}/${resource}`)).text);
    assert.equal(list.kind, `${kind}List`);
    const names = list.items.map((one: { metadata: { name: string } }) => one.metadata.name);
    assert.deepEqual(
      names,
      ids.map(({ id }) => id),
    );
    assert.ok(names.length > 0);
    for (const { metadata } of list.items) {
      // A name that every client of Kubernetes takes.
      assert.match(metadata.name, /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);
      const path = `${group}/namespaces/${metadata.namespace}/${resource}/${metadata.name}`;
      const one = JSON.parse((await ask(server, path)).text);
      assert.deepEqual([one.kind, one.metadata.uid], [kind, metadata.uid]);
    }
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const table = JSON.parse((await ask(server, `${group}/${resource}`, { accept })).text);
    assert.equal(table.rows.length, names.length);
    assert.equal(table.rows[0].cells.length, table.columnDefinitions.length);
    const none = JSON.parse((await ask(server, `${group}/namespaces/none/${resource}`)).text);
    assert.deepEqual(none.items, []);
    const watch = await open(server, `${group}/${resource}?watch=1`, {});
    assert.equal(watch.statusCode, 200);
    const { type, object } = await readLines(watch.setEncoding('utf8')).next();
    assert.deepEqual([type, object.kind, object.metadata.name], ['ADDED', kind, names[0]]);
    watch.destroy();
    assert.equal((await ask(server, `${group}/${resource}?fieldSelector=a%3Db`)).status, 400);
  }
});

test('the group’s Events are those of v1 by another name, watched like them', async () => {
  const own = await startServer(fill);
  const group = '/apis/history.hark.dev/v1';
  const [core, history] = [JSON.parse((await ask(own, EVENTS)).text), await read(`${group}/events`)];
  assert.deepEqual([history.kind, history.apiVersion], ['EventList', 'history.hark.dev/v1']);
  assert.deepEqual(history.items, core.items);
  assert.ok(history.items.length > 0);
  const { namespace, name } = history.items[0].metadata;
  const one = await read(`${group}/namespaces/${namespace}/events/${name}`);
  assert.deepEqual(one, { kind: 'Event', apiVersion: 'history.hark.dev/v1', ...core.items[0] });
  const discovered = (await read(group)).resources.find((each: { name: string }) => each.name === 'events');
  assert.deepEqual([discovered.verbs, discovered.shortNames], [['get', 'list', 'watch'], undefined]);
  const from = `${group}/events?watch=1&resourceVersion=${history.metadata.resourceVersion}`;
  const answer = await open(own, from, { 'accept-encoding': 'gzip' });
  assert.equal(answer.statusCode, 200);
  answer.setEncoding('utf8');
  const lines = readLines(answer);
  await own.writer.write({ cluster: CLUSTER, sightings: SIGHTINGS.slice(-5) });
  const { type, object } = await lines.next();
  assert.match(type, /^(ADDED|MODIFIED)$/);
  assert.deepEqual([object.kind, object.apiVersion], ['Event', 'history.hark.dev/v1']);
  const stopped = own.stop();
  while ((await lines.next()) !== undefined);
  await stopped;

  async function read(path: string) {
    return JSON.parse((await ask(own, path)).text);
  }
});

test('a part of an API server answers at its root what that hands on', async () => {
  const group = '/apis/history.hark.dev/v1';
  const [root, named] = await Promise.all([
    ask(server, `${group}/stories?limit=5`),
    ask(server, `/clusters/${CLUSTER.uid}${group}/stories?limit=5`),
  ]);
  assert.deepEqual([root.status, root.text], [200, named.text]);
  for (const path of ['/apis', group, '/openapi/v2', '/openapi/v3', `/openapi/v3${group}`])
    assert.equal((await ask(server, path)).status, 200, path);
  assert.equal((await ask(server, '/apis/none/v1')).status, 404);
});

test('paths that nobody would send are answered with a Status, and never with a failure of the server', async () => {
  for (const path of [
    '/clusters/%zz/api/v1/events',
    '/clusters/tried/api/v1/%',
    '/clusters/tried/api/v1/namespaces/%00/events',
    '/clusters/tried/..%2f..%2fv1%2fclusters',
    '/clusters//api/v1/events',
    '/clusters/tried//api/v1/events',
    `/clusters/tried/api/v1/namespaces/${'a'.repeat(2_000)}/events`,
    '/clusters/tried/api/v1/events?labelSelector=%ff&fieldSelector=%zz',
    '/apis/%2e%2e/%2e%2e/v1/clusters',
  ]) {
    const answer = await ask(server, path);
    assert.ok((answer.status ?? 500) < 500, `${path}: ${answer.status} ${answer.text}`);
    if (answer.status !== 200) assert.match(answer.text, /"Status"|"error"/, path);
  }
});
