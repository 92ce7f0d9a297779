import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { readRecordedEvents } from '../api-server/read-recorded-events.ts';
import { readRecordedStates } from '../api-server/read-recorded-objects.ts';
import { type ApiServer, startApiServer } from '../api-server/start-api-server.ts';
import { runHark } from './start-hark.ts';

const SCENARIO = 'v1.36/b-bad-image';
const NAMESPACE = 'bad-image';
/** While the bad image is what the Deployment has. */
const FAILING = readRecordedEvents(SCENARIO).filter(({ message }) => /image "example"/.test(String(message)));
const FAILED_POD = (FAILING[0] as { involvedObject: { uid: string } } | undefined)?.involvedObject.uid;
const NOW = String(FAILING.at(-1)?.lastTimestamp);

describe('hark why of a live cluster', () => {
  const servers: ApiServer[] = [];
  after(async () => {
    await Promise.all(servers.map((server) => server.stop()));
  });

  async function whyOf(collected: ReturnType<typeof readRecordedStates> | undefined) {
    const server = await startApiServer({
      events: FAILING,
      ...(collected === undefined ? {} : { collected }),
    });
    servers.push(server);
    return await runHark(['why', '--kubeconfig', server.writeKubeconfig({}, {}, NAMESPACE), '--now', NOW]);
  }

  test('tells of a Pod that is there', async () => {
    const states = readRecordedStates(SCENARIO, 'Pod');
    const failing = states.find(({ metadata }) => metadata.uid === FAILED_POD);
    assert.ok(failing !== undefined);
    const { code, stdout } = await whyOf([failing]);
    assert.match(stdout, /image "example" can't be pulled/);
    assert.equal(code, 1);
  });

  test('does not tell that one is failing of which there are Events still, but which is gone', async () => {
    const { code, stdout } = await whyOf([]);
    assert.match(stdout, /nothing is wrong/);
    assert.equal(code, 0);
  });

  test('takes Events at their word where objects may not be read', async () => {
    const { code, stdout } = await whyOf(undefined);
    assert.match(stdout, /image "example" can't be pulled/);
    assert.equal(code, 1);
  });
});
