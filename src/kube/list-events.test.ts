import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { connectTo } from '../../test/api-server/connect-to.ts';
import type { WireEvent } from '../../test/api-server/event-storage.ts';
import { readRecordedEvents } from '../../test/api-server/read-recorded-events.ts';
import type { SeenRequest } from '../../test/api-server/seen-request.ts';
import { type ApiServerWishes, startApiServer } from '../../test/api-server/start-api-server.ts';
import { createFakeClock } from '../../test/fake-clock.ts';
import { listScenarios } from '../../test/read-recording.ts';
import type { Event } from '../events/event.ts';
import { parseEvent } from '../events/parse-event.ts';
import { type ListOptions, listEvents } from './list-events.ts';

/** Each scenario in a namespace of its own. */
const EVENTS = listScenarios().flatMap((scenario) =>
  readRecordedEvents(scenario).map((event) => inNamespace(event, scenario.replace(/\W/g, '-'))),
);
const NAMESPACES = [...new Set(EVENTS.map(({ metadata }) => metadata.namespace))];

function inNamespace({ metadata, ...event }: WireEvent, namespace: string): WireEvent {
  return { ...event, metadata: { ...metadata, namespace } };
}

async function start(t: TestContext, wishes: ApiServerWishes = {}) {
  const server = await startApiServer({ events: EVENTS, ...wishes });
  const clock = createFakeClock();
  const cluster = await connectTo(server, { clock });
  t.after(async () => {
    cluster.close();
    await server.stop();
  });
  const { signal } = new AbortController();
  return {
    server,
    cluster,
    async list(options: Partial<ListOptions> = {}): Promise<Event[]> {
      const events: Event[] = [];
      for await (const batch of listEvents(cluster, { signal, clock, ...options })) events.push(...batch);
      return events.sort((a, b) => (a.namespace + a.name < b.namespace + b.name ? -1 : 1));
    },
  };
}

function expected(matches: (event: Event) => boolean = () => true): Event[] {
  const events = EVENTS.map((event) => parseEvent(event, 'v1')).filter(matches);
  return events.sort((a, b) => (a.namespace + a.name < b.namespace + b.name ? -1 : 1));
}

/** An Event as listed, but for the resourceVersion: the double's recordings are of many clusters. */
function plain({ resourceVersion: _, ...event }: Event): Omit<Event, 'resourceVersion'> {
  return event;
}

test('listEvents gives every Event whole', async (t) => {
  const { list } = await start(t);
  assert.deepEqual((await list()).map(plain), expected().map(plain));
});

test('listEvents reads lists that come gzipped and in pieces', async (t) => {
  const { server, list } = await start(t);
  server.script('list', { real: { gzip: true, pieceBytes: 1000 } });
  assert.deepEqual((await list()).map(plain), expected().map(plain));
});

test('listEvents goes on with newer state when a page has expired, where the server offers that', async (t) => {
  const copies = Array.from({ length: 5 }, (_, copy) =>
    EVENTS.map((event) => inNamespace(event, `copy-${copy}`)),
  );
  const many = copies.flat();
  const { server, list } = await start(t, { events: many });
  const forget = ({ query }: SeenRequest) => {
    if (!query.has('continue')) return false;
    server.storage.advance();
    server.storage.compact();
    return false;
  };
  server.script(forget, { status: 500 });
  const names = (await list()).map(({ namespace, name }) => `${namespace}/${name}`);
  assert.deepEqual(names, [...new Set(names)]);
  assert.equal(
    names.length,
    new Set(many.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).size,
  );
  const tokens = server.requests.map(({ query }) => query.get('continue') ?? '').map((token) => atob(token));
  assert.ok(tokens.some((token) => token.includes('"rv":-1')));
});

test('listEvents fails when a page is cut, rather than give half of the list as all', async (t) => {
  const { server, list } = await start(t);
  server.script('list', { real: { cutAfterBytes: 100_000 } });
  await assert.rejects(list(), /cannot reach cluster "double"/);
});

test('listEvents asks for one namespace by its own path, and for several one by one', async (t) => {
  const { server, list } = await start(t);
  const [one = '', two = ''] = NAMESPACES;
  assert.deepEqual(
    (await list({ namespaces: [one] })).map(plain),
    expected((event) => event.namespace === one).map(plain),
  );
  assert.deepEqual(
    (await list({ namespaces: [one, two] })).map(plain),
    expected((event) => [one, two].includes(event.namespace)).map(plain),
  );
  assert.ok(server.requests.every(({ events }) => events?.namespace !== ''));
});

test('listEvents takes the namespaces that may be read when all may not, and says so', async (t) => {
  const { server, list } = await start(t);
  const [one = '', two = ''] = NAMESPACES;
  server.allow(({ events }) => events === undefined || [one, two].includes(events.namespace));
  const notes: string[] = [];
  const events = await list({ onNote: (note) => notes.push(note) });
  assert.deepEqual(events.map(plain), expected((event) => [one, two].includes(event.namespace)).map(plain));
  assert.deepEqual(notes, [
    `not allowed to list the Events of all of cluster "double"; these are of ${[one, two].sort().join(', ')}`,
  ]);
});

test('listEvents fails with forbidden when nothing may be read', async (t) => {
  const { server, list } = await start(t);
  server.allow(({ events }) => events === undefined);
  await assert.rejects(list(), { code: 'forbidden', exitCode: 4 });
});

test('listEvents lets the server leave out what is not wanted', async (t) => {
  const { server, list } = await start(t);
  const [some] = expected((event) => event.type === 'Warning' && event.involvedObject.kind === 'Pod');
  assert.ok(some);
  const { name } = some.involvedObject;
  const queries = [
    {
      query: { types: ['warning'] },
      matches: (event: Event) => event.type !== 'Normal',
      selector: 'type!=Normal',
    },
    {
      query: { types: ['Normal'] },
      matches: (event: Event) => event.type !== 'Warning',
      selector: 'type!=Warning',
    },
    {
      query: { reasons: ['BackOff'] },
      matches: (event: Event) => event.reason === 'BackOff',
      selector: 'reason=BackOff',
    },
    {
      query: { kinds: ['po', 'po'] },
      matches: (event: Event) => event.involvedObject.kind === 'Pod',
      selector: 'involvedObject.kind=Pod',
    },
    {
      query: { for: [{ kind: 'Pod', name }] },
      matches: (event: Event) => event.involvedObject.name === name,
      selector: `involvedObject.name=${name}`,
    },
    { query: { types: ['normal', 'warning'], kinds: ['pod', 'job'] }, matches: () => true, selector: null },
    {
      query: { for: [{ kind: 'Rollout', name: '' }], kinds: ['rollout'] },
      matches: () => true,
      selector: null,
    },
  ];
  for (const { query, matches, selector } of queries) {
    const events = await list({ query });
    assert.equal(server.requests.at(-1)?.query.get('fieldSelector'), selector);
    assert.deepEqual(events.map(plain), expected(matches).map(plain), String(selector));
  }
});

test('listEvents escapes what it asks for', async (t) => {
  const { server, list } = await start(t);
  assert.deepEqual(await list({ query: { reasons: ['a,b=c\\d'] } }), []);
  assert.equal(server.requests.at(-1)?.query.get('fieldSelector'), 'reason=a\\,b\\=c\\\\d');
});

test('listEvents asks for all when the server knows no such selector', async (t) => {
  const { server, list } = await start(t);
  server.script(({ query }) => query.has('fieldSelector'), { status: 400 });
  assert.equal((await list({ query: { reasons: ['BackOff'] } })).length, EVENTS.length);
});

test('listEvents leaves out what it cannot read, and says how many', async (t) => {
  const { server, list } = await start(t, { events: [] });
  const [event] = EVENTS;
  const items = [JSON.stringify(event), '7', '"text"', '{"kind":"Pod","apiVersion":"v1"}'];
  const body = `{"kind":"EventList","apiVersion":"v1","metadata":{"resourceVersion":"9"},"items":[${items.join(',')}]}`;
  server.script('list', { pieces: [body] });
  const notes: string[] = [];
  assert.equal((await list({ onNote: (note) => notes.push(note) })).length, 1);
  assert.deepEqual(notes, ['3 Events of cluster "double" cannot be read, and are left out']);
});

for (const [what, body] of [
  ['a web page', '<html>'],
  ['another object', '{"kind":"Pod"}'],
  ['half a list', '{"kind":"EventList","metadata":{"resourceVersion":"1"},"items":['],
  ['nothing', ''],
] as const) {
  test(`listEvents fails when it is answered with ${what}`, async (t) => {
    const { server, list } = await start(t);
    server.script('list', { pieces: [body] });
    await assert.rejects(list(), { code: 'not-kubernetes', exitCode: 3 });
  });
}
