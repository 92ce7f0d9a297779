import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { mergeSighting } from '../../events/merge-records.ts';
import { parseEvent } from '../../events/parse-event.ts';
import { openStories } from '../open-stories.ts';
import { diagnose } from './diagnose.ts';
import type { Finding } from './finding.ts';

/**
 * A message that no recording holds, as the sources of Kubernetes 1.20 to 1.36 (kubelet, controllers, scheduler, admission), of containerd,
 * Docker and CRI-O, and of common add-ons word them; names and addresses are examples. And what must be said of it.
 */
interface Wording {
  readonly kind: string;
  readonly reason: string;
  readonly component: string;
  readonly message: string;
  /** The failure, and what it is about; empty when nothing is wrong. */
  readonly wrong: string;
  readonly says: string;
  readonly next: string;
}

const WORDINGS: readonly Wording[] = readFileSync(new URL('wordings.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const OF_CONTAINERS = /Failed$|BackOff|Unhealthy|Hook|Inspect|ErrImage/;

function find({ kind, reason, component, message }: Wording): Finding | undefined {
  const isNode = kind === 'Node';
  const isOfContainer = component === 'kubelet' && kind === 'Pod' && OF_CONTAINERS.test(reason);
  const event = parseEvent({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'x.18eab66e2a3db1bd', namespace: isNode ? 'default' : 'shop', uid: 'e' },
    involvedObject: {
      kind,
      name: isNode ? 'node-1' : 'x',
      namespace: isNode ? '' : 'shop',
      uid: 'u',
      fieldPath: isOfContainer ? 'spec.containers{web}' : '',
    },
    reason,
    message,
    type: 'Warning',
    count: 6,
    source: { component, host: 'node-1' },
    firstTimestamp: '2026-11-23T15:00:00Z',
    lastTimestamp: '2026-11-23T15:05:00Z',
  });
  const stories = openStories();
  stories.addEvent(mergeSighting(undefined, 'c', { event, deleted: false, at: 0 }));
  return diagnose(stories.tell(), stories.latest()).findings[0];
}

test('diagnose says what is wrong, of what, and what to type next when it is worded as any version does', () => {
  for (const wording of WORDINGS) {
    const finding = find(wording);
    const actual = {
      wrong: [finding?.failure, finding?.subject].filter(Boolean).join(' '),
      says: finding?.says ?? '',
      next: finding?.next ?? '',
    };
    const { wrong, says, next } = wording;
    assert.deepEqual(actual, { wrong, says, next }, `${wording.reason}: ${wording.message}`);
    assert.equal(finding?.firstError ?? wording.message, wording.message, 'the first error in full');
  }
  assert.ok(WORDINGS.length > 120);
});

test('diagnose always has a command to type next when something is wrong', () => {
  const failures = new Set(WORDINGS.map(({ wrong }) => wrong.split(' ')[0]));
  assert.ok(failures.size > 30, [...failures].join());
  for (const { next, wrong } of WORDINGS) if (wrong !== '') assert.match(next, /^kubectl .*\S$/, wrong);
});
