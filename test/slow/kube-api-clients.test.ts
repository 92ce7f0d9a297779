import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, suite, test } from 'node:test';
import { CoreV1Api, KubeConfig, makeInformer } from '@kubernetes/client-node';
import type { WireEvent } from '../api-server/event-storage.ts';
import { makeFolder, waitForEnd } from '../cli/start-hark.ts';
import { findControlPlane, NO_CONTROL_PLANE } from '../control-plane/start.ts';
import { COMMANDS, compareKubectl, type Json } from '../kube-api/compare-answers.ts';
import {
  type Asked,
  ask,
  findKubectls,
  LABELLED,
  startKubectl,
  startTwoServers,
  type TwoServers,
  until,
} from '../kube-api/two-servers.ts';

const assets = findControlPlane();
const CLIENT_GO = join(import.meta.dirname, '../kube-api/client-go');

/** The labelled Event under another name, or with another message. */
function make(name: string, message: string): WireEvent {
  return { ...LABELLED, message, metadata: { ...LABELLED.metadata, name } } as WireEvent;
}

async function readKeys(asked: Asked): Promise<string[]> {
  const { items } = JSON.parse((await ask(asked, '/api/v1/events')).body);
  return items.map(({ metadata }: Json) => `${metadata.namespace}/${metadata.name}`).sort();
}

suite('clients of Kubernetes that ask Hark', { skip: assets === undefined && NO_CONTROL_PLANE }, () => {
  let servers: TwoServers;

  before(async () => {
    servers = await startTwoServers(assets ?? '', ['g-jobs', 'b-bad-image']);
  });
  after(() => servers?.stop());

  for (const kubectl of findKubectls(assets ?? '')) {
    const isOwn = kubectl.startsWith(assets ?? '');
    const whose = isOwn ? 'the control plane’s' : 'the machine’s';

    test(`${whose} kubectl prints of Hark what it prints of the API server`, async () => {
      await compareKubectl(kubectl, servers, COMMANDS);
    });

    test(`${whose} kubectl watches`, async () => {
      const name = `watched-${isOwn ? 'own' : 'other'}.1`;
      const { child, ended } = startKubectl(
        kubectl,
        servers.hark,
        'get events -n default -w -o wide'.split(' '),
      );
      let printed = '';
      child.stdout.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
      });
      await until('kubectl prints what there is', async () => printed.includes('labelled.1'));
      await servers.put(make(name, 'first'));
      await until('kubectl prints what is new', async () => printed.includes(name));
      await servers.put(make(name, 'second'));
      await until('kubectl prints what has changed', async () => /second.*watched/.test(printed));
      child.kill();
      await ended;
    });
  }

  test('the informer of @kubernetes/client-node holds what it holds of the API server', async () => {
    const { hark, real } = servers;
    const config = new KubeConfig();
    config.loadFromOptions({
      clusters: [{ name: 'hark', server: hark.url, skipTLSVerify: true }],
      users: [{ name: 'nobody' }],
      contexts: [{ name: 'hark', cluster: 'hark', user: 'nobody' }],
      currentContext: 'hark',
    });
    const api = config.makeApiClient(CoreV1Api);
    const informer = makeInformer(config, '/api/v1/events', () => api.listEventForAllNamespaces());
    const told: string[] = [];
    for (const what of ['add', 'update', 'delete'] as const)
      informer.on(what, ({ metadata, message }) => {
        told.push(`${what} ${metadata?.namespace}/${metadata?.name} ${message}`);
      });
    const failures: unknown[] = [];
    informer.on('error', (error) => failures.push(error));
    await informer.start();
    const keys = await readKeys(real);
    await until('it has told all', async () => told.length >= keys.length);
    assert.deepEqual(told.map((line) => line.split(' ')[1]).sort(), keys);
    await servers.put(make('informed.1', 'one'));
    await servers.put(make('informed.1', 'two'));
    await until('it has told the last change', async () => told.at(-1) === 'update default/informed.1 two');
    await informer.stop();
    assert.equal(told.filter((line) => line.startsWith('add')).length, keys.length + 1);
    assert.equal(told.filter((line) => line.startsWith('delete')).length, 0);
    assert.deepEqual(failures, []);
  });

  test('client-go’s informers hold what they hold of the API server, also where they stream the list', async (t) => {
    if (spawnSync('go', ['version']).status !== 0) return t.skip('needs Go');
    const fetched = spawnSync('go', ['mod', 'download'], { cwd: CLIENT_GO, encoding: 'utf8' });
    if (fetched.status !== 0) return t.skip(`needs Go's modules: ${fetched.stderr.slice(0, 200)}`);
    const binary = join(makeFolder(), 'informer');
    const built = spawnSync('go', ['build', '-o', binary, '.'], { cwd: CLIENT_GO, encoding: 'utf8' });
    assert.equal(built.status, 0, built.stderr);
    for (const streams of ['false', 'true']) {
      const env = { ...process.env, KUBE_FEATURE_WatchListClient: streams };
      const child = spawn(binary, [servers.hark.url], { stdio: ['pipe', 'pipe', 'pipe'], env });
      const ended = waitForEnd(child);
      const lines: Json[] = [];
      createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line)));
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString();
      });
      try {
        const keys = await readKeys(servers.real);
        await until(
          'both caches are filled',
          async () => lines.filter(({ what }) => what === 'synced').length === 2,
        );
        await until(
          'both have told all',
          async () => lines.filter(({ what }) => what === 'added').length >= 2 * keys.length,
        );
        for (const group of [undefined, 'events.k8s.io']) {
          const ours = lines.filter((line) => (line.group || undefined) === group);
          assert.equal(ours.find(({ what }) => what === 'synced')?.held, keys.length);
          assert.deepEqual(
            ours
              .filter(({ what }) => what === 'added')
              .map(({ key }) => key)
              .sort(),
            keys,
          );
        }
        const name = `cached.${streams}`;
        await servers.put(make(name, 'one'));
        await servers.put(make(name, 'two'));
        await until(
          'both have told the change',
          async () =>
            lines.filter(({ what, key }) => what === 'changed' && key === `default/${name}`).length >= 2,
        );
        assert.equal(lines.filter(({ what }) => what === 'deleted').length, 0);
        assert.equal(said, '');
      } finally {
        child.stdin.end();
        child.kill();
        await ended;
      }
    }
  });
});
