import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { WireEvent } from '../api-server/event-storage.ts';
import { readRecordedUpdates } from '../api-server/read-recorded-events.ts';
import { readStore, type StoredRecord, startListening, storePath, untilStored } from '../listen-harness.ts';
import { createRawClient, type RawClient, type RawObject, type RawState } from './raw-client.ts';
import { type ControlPlane, findControlPlane, NO_CONTROL_PLANE, startControlPlane } from './start.ts';

const assets = findControlPlane();
const DEPLOYMENTS = 30;

function deployment(name: string, image = 'nothing') {
  const labels = { app: name };
  const containers = [{ name: 'main', image, resources: { requests: { cpu: '1' } } }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    },
  };
}

/** An Event of the recordings as its emitter would write it, into namespace `default`. */
function fresh(event: WireEvent): WireEvent {
  const { name } = event.metadata;
  const involvedObject = { ...(event.involvedObject as object), namespace: 'default' };
  return {
    ...event,
    kind: 'Event',
    apiVersion: 'v1',
    metadata: { name, namespace: 'default' },
    involvedObject,
  };
}

async function write(client: RawClient, event: WireEvent): Promise<RawObject> {
  return await client.send('POST', '/api/v1/namespaces/default/events', event);
}

/** `NAMESPACE/NAME COUNT` of every state stored. */
function statesOf({ events }: StoredRecord): Set<string> {
  return new Set(
    events.flatMap(({ event, points }) =>
      points.map(({ count }) => `${event.namespace}/${event.name} ${count}`),
    ),
  );
}

function holds(record: StoredRecord, key: string): boolean {
  return record.events.some(({ event }) => `${event.namespace}/${event.name}` === key);
}

suite('hark listen on a real control plane', { skip: assets === undefined && NO_CONTROL_PLANE }, () => {
  test('stores every Event that the API server ever had, with every count, though it is killed while 30 Deployments churn', async (t) => {
    const plane = await startControlPlane(assets ?? '', { controllers: true });
    const client = createRawClient(plane.kubeconfig);
    const truth = await client.watchEvents();
    t.after(async () => {
      truth.stop();
      client.close();
      await plane.stop();
    });
    const [marker] = readRecordedUpdates('v1.20/a-healthy-rollout').map(fresh);
    assert.ok(marker !== undefined);
    const names = Array.from({ length: DEPLOYMENTS }, (_, i) => `churn-${i}`);
    const path = (name: string) => `/apis/apps/v1/namespaces/default/deployments/${name}`;
    const args = ['--kubeconfig', plane.kubeconfig, '--store', storePath()];
    const file = args[3] ?? '';

    const first = startListening(args);
    await first.says(/caught up, listening/);
    for (const name of names) await client.send('POST', path(''), deployment(name));
    for (const name of names) await changeSpec(client, path(name), { replicas: 4 });
    await untilStored(file, ({ events }) => events.length > DEPLOYMENTS);
    await first.end('SIGKILL');
    // Nothing was deleted yet: so many must come, however slow the controllers are.
    await truth.reaches(2 * DEPLOYMENTS);
    for (const name of names.slice(0, 10)) await changeSpec(client, path(name), { replicas: 0 });
    for (const name of names.slice(10, 20)) {
      const { spec } = deployment(name, 'other');
      await changeSpec(client, path(name), { template: spec.template });
    }

    const second = startListening(args);
    await second.says(/nothing was missed/);
    for (const name of names) await client.send('DELETE', path(name));
    await untilEmpty(client, '/api/v1/namespaces/default/pods');
    // Everything before the marker in the watch of the test is everything that the store must hold when it holds the marker.
    await write(client, marker);
    const end = await truth.hears(`default/${marker.metadata.name}`);
    await untilStored(file, (record) => holds(record, end.key));
    assert.equal((await second.end('SIGINT')).code, 0);

    const stored = statesOf(await readStore(file));
    const had = truth.states.filter(({ resourceVersion }) => resourceVersion <= end.resourceVersion);
    const missing = had.filter(({ key, count }) => !stored.has(`${key} ${count}`));
    assert.deepEqual(missing, [] satisfies RawState[]);
    assert.match(second.stderr(), /no gaps\n$/);
  });

  suite('whose Events and changes live shortly', () => {
    let plane: ControlPlane;
    let client: RawClient;
    before(async () => {
      plane = await startControlPlane(assets ?? '', { eventTtl: '8s', compaction: '4s' });
      client = createRawClient(plane.kubeconfig);
    });
    after(async () => {
      client.close();
      await plane.stop();
    });

    test('keeps an Event that expires, and goes on with it when it comes again', async () => {
      const [event, again] = readRecordedUpdates('v1.20/b-bad-image')
        .filter(({ reason }) => reason === 'BackOff')
        .map(fresh);
      assert.ok(event !== undefined && again !== undefined && event.metadata.name === again.metadata.name);
      const args = ['--kubeconfig', plane.kubeconfig, '--store', storePath()];
      const hark = startListening(args);
      await hark.says(/caught up, listening/);
      await write(client, event);
      const file = args[3] ?? '';
      await untilStored(file, ({ events }) => events.some(({ deletedAt }) => deletedAt !== undefined));
      await write(client, again);
      const { events } = await untilStored(file, ({ events }) =>
        events.some(({ points }) => points.length === 2),
      );
      assert.equal(events.length, 1);
      assert.equal(events[0]?.deletedAt, undefined);
      assert.deepEqual(
        events[0]?.points.map(({ count }) => count),
        [event.count, again.count],
      );
      await hark.end('SIGINT');
    });

    test('lists anew, and admits a gap, when the changes since it was stopped are compacted away', async () => {
      const [event, later] = readRecordedUpdates('v1.20/g-jobs').map(fresh);
      assert.ok(event !== undefined && later !== undefined);
      const args = ['--kubeconfig', plane.kubeconfig, '--store', storePath()];
      const first = startListening(args);
      await first.says(/caught up, listening/);
      await first.end('SIGTERM');
      await untilCompacted(client, event);
      await write(client, later);

      const second = startListening(args);
      await second.says(/gap from .*: the API server no longer knew the changes/);
      await untilStored(args[3] ?? '', (record) => holds(record, `default/${later.metadata.name}`));
      await second.end('SIGTERM');
      assert.match(second.stderr(), /1 gap\n$/);
    });
  });
});

/** Replaces fields of an object's spec, again when a controller was quicker. (Merge patches were seen to crash the API server built here.) */
async function changeSpec(client: RawClient, path: string, fields: object): Promise<void> {
  for (;;) {
    const object = await client.send('GET', path);
    const changed = { ...object, spec: { ...(object.spec as object), ...fields } };
    const answer = await client.send('PUT', path, changed, [409]);
    if (answer.code !== 409) return;
  }
}

/** Waits until a list is empty. */
async function untilEmpty(client: RawClient, path: string): Promise<void> {
  for (;;) {
    const { items } = await client.send('GET', path);
    if ((items as readonly object[]).length === 0) return;
    await delay(500);
  }
}

/**
 * Writes until the server refuses to tell what happened since now. The revision asked for is one that was made after now: to list a revision and to watch from the one before it need the same changes.
 */
async function untilCompacted(client: RawClient, event: WireEvent): Promise<void> {
  let resourceVersion: string | undefined;
  for (let serial = 0; ; serial += 1) {
    const name = `${event.metadata.name}-${serial}`;
    const written = await write(client, { ...event, metadata: { ...event.metadata, name } });
    resourceVersion ??= written.metadata?.resourceVersion;
    const path = `/api/v1/events?resourceVersion=${resourceVersion}&resourceVersionMatch=Exact&limit=1`;
    const answer = await client.send('GET', path, undefined, [410]);
    if (answer.code === 410) return;
    await delay(500);
  }
}
