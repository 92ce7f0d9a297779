import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runHere } from './run-here.ts';
import { makeFolder } from './start-hark.ts';

const DEMO = join(import.meta.dirname, '../../demo/cluster.jsonl.gz');

test('hark serve refuses in a sentence what would let anyone in, or means nothing', async () => {
  const folder = makeFolder();
  const [token, kubeconfig] = [join(folder, 'token'), join(folder, 'kubeconfig')];
  writeFileSync(token, 'a-token-that-is-long-enough\n');
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      clusters: [{ name: 'a', cluster: { server: 'https://127.0.0.1:1' } }],
      contexts: [{ name: 'prod', context: { cluster: 'a', user: 'u' } }],
      users: [{ name: 'u', user: { token: 't' } }],
      'current-context': 'prod',
    }),
  );
  const webhook = ['--authorization-mode', 'Webhook'];
  const cluster = ['--kubeconfig', kubeconfig, '--store', join(folder, 'events.db'), ...webhook];
  const cases: [args: string[], says: RegExp, hint: RegExp][] = [
    [
      ['--authorization-mode', 'RBAC'],
      /"RBAC" is none: AlwaysAllow, Webhook/,
      /--authorization-mode Webhook/,
    ],
    [['--from', DEMO, ...webhook], /there is none/, /--contexts/],
    [[...cluster, '--token-file', token], /exclude each other/, /Leave --token-file away/],
    [
      [...cluster, '--authentication-context', 'staging'],
      /--authentication-context "staging" is not among those/,
      /There is prod/,
    ],
    [[...cluster, '--client-ca-file', token], /holds no certificate/, /BEGIN CERTIFICATE/],
    [
      [...cluster, '--requestheader-allowed-names', 'a'],
      /who may say in headers/,
      /--requestheader-client-ca-file FILE/,
    ],
    [['--from', DEMO, '--client-ca-file', token], /--client-ca-file is about who may see what/, /Webhook/],
    [['--from', DEMO, '--authentication-lookup'], /--authentication-lookup is about/, /Webhook/],
    [['--from', DEMO, '--audit-log-maxsize', '5'], /--audit-log-path, which is missing/, /--audit-log-path/],
    [
      ['--from', DEMO, '--audit-log-maxsize', '0'],
      /--audit-log-maxsize "0" is no whole number from 1/,
      /100/,
    ],
    [['--from', DEMO, '--authorization-webhook-cache-authorized-ttl', 'x'], /"x" is no duration/, /90s/],
    [
      ['--from', DEMO, '--listen', '0.0.0.0:0', '--behind-proxy'],
      /others can reach/,
      /--token-file FILE .* or --authorization-mode Webhook/,
    ],
  ];
  for (const [args, says, hint] of cases) {
    const { code, stderr } = await runHere(['serve', '--listen', '127.0.0.1:0', ...args]);
    assert.match(stderr, says, args.join(' '));
    assert.match(stderr, hint, args.join(' '));
    assert.equal(code, 2, args.join(' '));
    assert.equal(stderr.includes('    at '), false);
  }
});
