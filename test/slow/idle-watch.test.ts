import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { connect } from '../../src/kube/connect.ts';
import { watchEvents } from '../../src/kube/watch-events.ts';
import { createClock } from '../../src/lib/clock.ts';
import { wallClock } from '../../src/lib/time.ts';
import { hear } from '../api-server/watch-double.ts';
import { createRawClient } from '../control-plane/raw-client.ts';
import { findControlPlane, NO_CONTROL_PLANE, startControlPlane } from '../control-plane/start.ts';

const assets = findControlPlane();

// Two minutes: the end of a watch is the server's, and no clock of ours makes it come sooner.
suite('an idle watch', { skip: assets === undefined && NO_CONTROL_PLANE }, () => {
  test('watchEvents tells no gap while nothing happens and etcd forgets within 20 seconds', async (t) => {
    // The controllers' leases are what etcd forgets.
    const plane = await startControlPlane(assets ?? '', { compaction: '20s', controllers: true });
    t.after(() => plane.stop());
    const clock = createClock(wallClock);
    const cluster = await connect({ kubeconfig: plane.kubeconfig, env: {}, cwd: '/', clock });
    const client = createRawClient(plane.kubeconfig);
    const stop = new AbortController();
    t.after(() => {
      client.close();
      cluster.close();
    });
    await client.send('POST', '/api/v1/namespaces', { metadata: { name: 'quiet' } });
    const heard = hear(
      watchEvents(cluster, { namespaces: ['quiet'], signal: stop.signal, clock, random: () => 0 }),
    );
    const synced = await heard.until('synced');
    assert.ok(synced.type === 'synced');
    await heard.until('alive', 3);
    const path = `/api/v1/namespaces/quiet/events?watch=true&timeoutSeconds=1&resourceVersion=${synced.resourceVersion}`;
    assert.match(JSON.stringify(await client.send('GET', path)), /"code":410/);
    stop.abort();
    await heard.ended;
    assert.deepEqual(heard.story(), ['gap started in quiet', `synced ${synced.resourceVersion} in quiet`]);
  });
});
