import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listScenarios, readRecordedWatch } from '../../test/read-recording.ts';
import { identify } from './identity.ts';
import { parseEvent } from './parse-event.ts';

const recorded = listScenarios()
  .flatMap((scenario) => readRecordedWatch(`${scenario}/events-core-v1.jsonl`))
  .map((line) => parseEvent(line.object));

test('identify is the same for two states when namespace and name are, in every recording', () => {
  const identities = new Map<string, string>();
  for (const event of recorded.filter(({ name }) => name !== '')) {
    const key = `${event.namespace} ${event.name} ${event.involvedObject.uid}`;
    assert.equal(identities.get(key) ?? identify(event), identify(event));
    identities.set(key, identify(event));
  }
  assert.equal(new Set(identities.values()).size, identities.size);
});

test('identify does not change with what an update or a re-creation changes', () => {
  const [event] = recorded;
  assert.ok(event);
  const changed = {
    ...event,
    uid: 'new',
    resourceVersion: '9',
    creationTimestamp: 5,
    count: 99,
    lastTimestamp: 7,
    message: 'other',
  };
  assert.equal(identify(changed), identify(event));
});

test('identify falls back to creationTimestamp, then to the uid when there are no other times', () => {
  const make = (metadata: Record<string, unknown>) =>
    identify(parseEvent({ kind: 'Event', apiVersion: 'v1', metadata }));
  assert.equal(
    make({ name: 'a', namespace: 'n', creationTimestamp: '1970-01-01T00:00:01Z', uid: 'u' }),
    'n/a@1000000',
  );
  assert.equal(make({ name: 'a', namespace: 'n', uid: 'u' }), 'n/a@uid:u');
  assert.notEqual(
    make({ name: 'c', namespace: 'a/b', uid: 'u' }),
    make({ name: 'b/c', namespace: 'a', uid: 'u' }),
  );
});
