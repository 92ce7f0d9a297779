import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeFolder } from '../../../test/cli/start-hark.ts';
import { type AuditEntry, openAuditLog } from './audit-log.ts';

const ENTRY: AuditEntry = {
  stage: 'ResponseComplete',
  id: 'id-1',
  uri: '/clusters/prod/api/v1/namespaces/shop/events?watch=1',
  verb: 'watch',
  identity: { username: 'alice', uid: '', groups: ['people'], extra: { scopes: ['a'] }, by: 'token' },
  sourceIp: '10.0.0.7',
  userAgent: 'kubectl',
  resource: {
    cluster: 'prod',
    apiGroup: '',
    apiVersion: 'v1',
    resource: 'events',
    namespace: 'shop',
    name: '',
  },
  status: 403,
  receivedAt: 1_795_451_150_000_000,
  at: 1_795_451_150_250_000,
  isAllowed: false,
  reason: 'alice may not',
};

function open(more: Partial<Parameters<typeof openAuditLog>[0]> = {}) {
  const path = join(makeFolder(), 'audit.log');
  const said: string[] = [];
  const options = { path, print: () => {}, maxBytes: undefined, maxBackups: 2, ...more };
  const report = ({ message }: Error) => void said.push(message);
  return { path, said, log: openAuditLog({ ...options, report }) };
}

test('openAuditLog writes a line of JSON for each by the field names of Kubernetes’ audit log', () => {
  const { path, log } = open();
  log.write(ENTRY);
  log.write({
    ...ENTRY,
    identity: undefined,
    resource: undefined,
    isAllowed: true,
    reason: '',
    status: undefined,
  });
  const [first, second] = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(first, {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: 'id-1',
    stage: 'ResponseComplete',
    requestURI: '/clusters/prod/api/v1/namespaces/shop/events?watch=1',
    verb: 'watch',
    user: { username: 'alice', groups: ['people'], extra: { scopes: ['a'] } },
    sourceIPs: ['10.0.0.7'],
    userAgent: 'kubectl',
    objectRef: { apiVersion: 'v1', resource: 'events', namespace: 'shop' },
    responseStatus: { code: 403 },
    requestReceivedTimestamp: '2026-11-23T16:25:50.000000Z',
    stageTimestamp: '2026-11-23T16:25:50.250000Z',
    annotations: {
      'authorization.k8s.io/decision': 'forbid',
      'authorization.k8s.io/reason': 'alice may not',
      'history.hark.dev/cluster': 'prod',
    },
  });
  assert.deepEqual(
    [second?.user, second?.objectRef, second?.responseStatus],
    [undefined, undefined, undefined],
  );
  assert.deepEqual(second?.annotations, { 'authorization.k8s.io/decision': 'allow' });
  assert.equal(statSync(path).mode & 0o077, 0);
});

test('openAuditLog begins another file before one grows too large, and keeps the latest', () => {
  const { path, log } = open({ maxBytes: 1_500 });
  for (let number = 0; number < 12; number++) log.write({ ...ENTRY, id: `id-${number}` });
  for (const file of [path, `${path}.1`, `${path}.2`]) assert.ok(statSync(file).size <= 1_500, file);
  assert.equal(existsSync(`${path}.3`), false);
  const ids = [`${path}.2`, `${path}.1`, path].flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/"auditID":"id-(\d+)"/g)].map(([, number]) => Number(number)),
  );
  assert.deepEqual(
    ids,
    ids.toSorted((a, b) => a - b),
  );
  assert.equal(ids.at(-1), 11);
});

test('openAuditLog goes on in a file that is there', () => {
  const { path, log } = open();
  log.write(ENTRY);
  openAuditLog({ path, print: () => {}, maxBytes: undefined, maxBackups: 2, report: () => {} }).write(ENTRY);
  assert.equal(readFileSync(path, 'utf8').trim().split('\n').length, 2);
});

test('openAuditLog counts what cannot be written, and says it once', () => {
  const { path, said, log } = open();
  mkdirSync(path);
  for (let number = 0; number < 3; number++) log.write(ENTRY);
  assert.deepEqual([log.lost(), said.length], [3, 1]);
  assert.match(said[0] ?? '', /EISDIR/);
});

test('openAuditLog prints where it is told to', () => {
  const lines: string[] = [];
  open({ path: '-', print: (line) => void lines.push(line) }).log.write(ENTRY);
  assert.match(lines.join(''), /^\{"kind":"Event".*\}\n$/);
});
