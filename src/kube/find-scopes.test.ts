import assert from 'node:assert/strict';
import test from 'node:test';
import { connectTo } from '../../test/api-server/connect-to.ts';
import type { WireEvent } from '../../test/api-server/event-storage.ts';
import { readRecordedEvents } from '../../test/api-server/read-recorded-events.ts';
import type { SeenRequest } from '../../test/api-server/seen-request.ts';
import { type Heard, startWatchedDouble } from '../../test/api-server/watch-double.ts';
import { EXIT, HarkError } from '../lib/errors.ts';
import { MINUTE, SECOND } from '../lib/time.ts';
import { watchEvents } from './watch-events.ts';

const SHOP = readRecordedEvents('v1.36/b-bad-image').map((event) => inNamespace(event, 'shop'));
const JOBS = readRecordedEvents('v1.36/g-jobs').map((event) => inNamespace(event, 'jobs'));
const EVENTS = [...SHOP, ...JOBS];

function inNamespace(event: WireEvent, namespace: string): WireEvent {
  return { ...event, metadata: { name: event.metadata.name, namespace } };
}

/** Rights to read the Events of these namespaces, and no others. */
function allowOnly(...namespaces: string[]): (request: SeenRequest) => boolean {
  return ({ events }) => events === undefined || namespaces.includes(events.namespace);
}

function namespacesOf(heard: Heard): string[] {
  return [...new Set(heard.items.flatMap((item) => ('event' in item ? [item.event.namespace] : [])))].sort();
}

test('findScopes takes the namespaces that may be read when the whole cluster may not', async (t) => {
  const { server, watch } = await startWatchedDouble(t, { events: EVENTS, namespaces: ['a', 'b'] });
  server.allow(allowOnly('shop', 'a'));
  const heard = watch();
  await heard.until('synced', 2);
  assert.deepEqual(heard.story().sort(), [
    'gap started in a',
    'gap started in shop',
    'notice warn namespaces-only',
    `synced ${server.storage.revision()} in a`,
    `synced ${server.storage.revision()} in shop`,
  ]);
  assert.equal(heard.items.filter(({ type }) => type === 'listed').length, SHOP.length);
  const [notice] = heard.items.filter((item) => item.type === 'notice');
  assert.match(notice?.text ?? '', /2 of its namespaces: a, shop$/);
});

test('findScopes takes the projects of OpenShift when namespaces may not be listed', async (t) => {
  const { server, watch } = await startWatchedDouble(t, { events: EVENTS });
  server.allow((request) => request.path !== '/api/v1/namespaces' && allowOnly('jobs')(request));
  const projects = {
    kind: 'ProjectList',
    items: [{ metadata: { name: 'jobs' } }, { metadata: { name: 'shop' } }],
  };
  server.script(({ path }) => path.endsWith('/projects'), { pieces: [JSON.stringify(projects)] });
  const heard = watch();
  await heard.until('synced');
  assert.deepEqual(namespacesOf(heard), ['jobs']);
});

test("findScopes takes the context's namespace when namespaces may not be listed", async (t) => {
  const { server, clock } = await startWatchedDouble(t, { events: EVENTS });
  server.allow((request) => request.path !== '/api/v1/namespaces' && allowOnly('shop')(request));
  const cluster = await connectTo(server, { clock, namespace: 'shop' });
  t.after(() => cluster.close());
  const items = watchEvents(cluster, { signal: new AbortController().signal, clock });
  for await (const item of items) {
    if (item.type === 'synced') {
      assert.equal(item.namespace, 'shop');
      break;
    }
  }
});

test('findScopes takes the other API group when only that may be read', async (t) => {
  const { server, watch } = await startWatchedDouble(t, { events: SHOP });
  server.allow(({ events }) => events?.api !== 'v1');
  const heard = watch();
  await heard.until('synced');
  const listed = heard.items.flatMap((item) => (item.type === 'listed' ? [item] : []));
  assert.equal(listed.length, SHOP.length);
  assert.deepEqual(
    listed.map(({ event }) => `${event.message} ${event.involvedObject.name}`).sort(),
    SHOP.map((event) => `${event.message} ${(event.involvedObject as { name: string }).name}`).sort(),
  );
  assert.ok(listed.every(({ event }) => event.form === 'events.k8s.io/v1'));
});

test('findScopes fails when nothing may be read', async (t) => {
  const { server, watch } = await startWatchedDouble(t, { events: EVENTS });
  server.allow(({ events }) => events === undefined);
  await assert.rejects(watch().ended, (error: HarkError) => {
    assert.ok(error instanceof HarkError);
    assert.equal(error.exitCode, EXIT.forbidden);
    assert.match(error.message, /cannot list resource "events" .* at the cluster scope/);
    return true;
  });
});

test('findScopes says which of the namespaces asked for may not be read, and takes the others', async (t) => {
  const { server, watch } = await startWatchedDouble(t, { events: EVENTS });
  server.allow(allowOnly('jobs'));
  const heard = watch({ namespaces: ['shop', 'jobs'] });
  await heard.until('synced');
  assert.deepEqual(heard.story().slice(0, 2), ['notice warn forbidden', 'gap started in jobs']);
  assert.deepEqual(namespacesOf(heard), ['jobs']);
});

test('findScopes is asked again every five minutes, and finds namespaces that have appeared or were opened to us', async (t) => {
  const { server, clock, watch } = await startWatchedDouble(t, { events: JOBS });
  server.allow(allowOnly('jobs', 'shop'));
  const heard = watch();
  await heard.until('synced');
  const [event] = SHOP as [WireEvent];
  server.storage.write(event);
  await clock.pass(5 * MINUTE);
  await heard.until((item) => item.type === 'synced' && item.namespace === 'shop');
  assert.deepEqual(namespacesOf(heard), ['jobs', 'shop']);
});

test('watchEvents lets a namespace go that is closed to it later, and goes on with the others', async (t) => {
  const { server, clock, watch } = await startWatchedDouble(t, { events: EVENTS });
  server.allow(allowOnly('jobs', 'shop'));
  const heard = watch();
  await heard.until('synced', 2);
  await server.watching(2);
  server.allow(allowOnly('jobs'));
  server.endWatches('reset');
  await clock.pass(0.375 * SECOND, 2);
  await heard.until((item) => item.type === 'notice' && item.code === 'namespace-closed');
  await server.watching();
  server.storage.write({ ...(JOBS[0] as WireEvent), count: 9 });
  await heard.until('modified');
});
