import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { homeOf, makeFolder } from '../cli/start-hark.ts';
import { createRawClient } from '../control-plane/raw-client.ts';
import { findControlPlane, NO_CONTROL_PLANE, startControlPlane } from '../control-plane/start.ts';
import { untilStored } from '../listen-harness.ts';
import { startProxyProcess } from '../proxy/start-proxy.ts';
import { runProgram } from '../run-program.ts';

const assets = findControlPlane();
/** Events live for two minutes, and etcd takes its time to forget. */
const PATIENCE_MS = 300_000;

suite('a cluster whose Events live for two minutes', {
  skip: assets === undefined && NO_CONTROL_PLANE,
}, () => {
  test('kubectl describe pod through hark proxy shows them when they are gone from the API server', async (t) => {
    const plane = await startControlPlane(assets ?? '', { eventTtl: '2m', controllers: true });
    const client = createRawClient(plane.kubeconfig);
    t.after(async () => {
      client.close();
      await plane.stop();
    });
    const store = join(makeFolder(), 'events.db');
    const proxy = await startProxyProcess(['--kubeconfig', plane.kubeconfig, '--store', store]);
    await proxy.says(/caught up, listening/);
    const pods = '/api/v1/namespaces/default/pods';
    const spec = { containers: [{ name: 'main', image: 'registry.example/web:1' }] };
    // The service account's token is made by a controller, which takes a moment.
    for (let end = performance.now() + PATIENCE_MS; ; ) {
      const made = await client.send('POST', pods, { metadata: { name: 'web' }, spec }, [403]);
      if (made.kind === 'Pod') break;
      assert.ok(performance.now() < end, JSON.stringify(made));
      await delay(200);
    }
    await untilStored(store, ({ events }) => events.some(({ event }) => event.reason === 'FailedScheduling'));
    // kubectl keeps a cache below HOME.
    const kubectlEnv = { ...homeOf(makeFolder()), PATH: process.env.PATH, KUBECONFIG: '/dev/null' };
    const describe = async (where: readonly string[]) =>
      (
        await runProgram('kubectl', [...where, 'describe', 'pod', 'web'], {
          env: kubectlEnv,
        })
      ).stdout;
    const isTold = /FailedScheduling .*no nodes available/;
    assert.match(await describe(['--server', proxy.url]), isTold);

    const path = '/api/v1/namespaces/default/events?fieldSelector=involvedObject.name%3Dweb';
    const first = (await client.send('GET', path)) as unknown as List;
    const names = first.items.map(({ metadata }) => metadata.name);
    assert.ok(names.length > 0);
    for (let end = performance.now() + PATIENCE_MS; ; ) {
      const { items } = (await client.send('GET', path)) as unknown as List;
      // What the scheduler goes on saying lives on.
      if (!items.some(({ metadata }) => names.includes(metadata.name))) break;
      assert.ok(performance.now() < end, `still there: ${JSON.stringify(items)}`);
      await delay(2_000);
    }
    const told = await describe(['--server', proxy.url]);
    assert.match(told, isTold);
    const list = await runProgram('kubectl', ['--server', proxy.url, 'get', 'events', '-o', 'name'], {
      env: kubectlEnv,
    });
    for (const name of names) assert.ok(list.stdout.includes(`event/${name}\n`), name);
  });
});

interface List {
  readonly items: readonly { readonly metadata: { readonly name: string } }[];
}
