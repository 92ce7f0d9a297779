import { createRawClient, type RawClient } from '../test/control-plane/raw-client.ts';
import { findControlPlane, NO_CONTROL_PLANE, startControlPlane } from '../test/control-plane/start.ts';
import { findHark } from './find-hark.ts';
import { type CommandCost, measureFastest } from './measure-command.ts';
import { type BenchResult, formatMegabytes, formatRatio, formatSeconds } from './result.ts';
import { scaleListItems } from './scale-events.ts';

const EVENTS = 50_000;
const WRITERS = 16;
const TIMES = 2;

/** How `hark events -A` fares with 50,000 Events on a real API server, compared with kubectl. */
export async function benchLiveList(): Promise<BenchResult[]> {
  const assets = findControlPlane();
  if (assets === undefined) throw new Error(`the bench live-list ${NO_CONTROL_PLANE}`);
  const plane = await startControlPlane(assets);
  const client = createRawClient(plane.kubeconfig);
  try {
    await fill(client);
    const kubeconfig = ['--kubeconfig', plane.kubeconfig];
    const { args, what } = findHark();
    const hark = await measureFastest(TIMES, process.execPath, [...args, 'events', '-A', ...kubeconfig]);
    const get = await measureFastest(TIMES, 'kubectl', ['get', 'events', '-A', ...kubeconfig]);
    const raw = await measureFastest(TIMES, 'kubectl', ['get', '--raw', '/api/v1/events', ...kubeconfig]);
    return [
      ...compare(
        `\`hark events -A\` over ${EVENTS.toLocaleString('en-US')} live Events (${what})`,
        hark,
        '`kubectl get events -A`',
        get,
        true,
      ),
      ...compare('the same', hark, '`kubectl get --raw`, which only copies the list', raw, false),
    ];
  } finally {
    client.close();
    await plane.stop();
  }
}

function compare(
  what: string,
  hark: CommandCost,
  name: string,
  other: CommandCost,
  targeted: boolean,
): BenchResult[] {
  return [
    {
      what: `${what}, time`,
      hark: formatSeconds(hark.seconds),
      compared: `${name}: ${formatSeconds(other.seconds)}`,
      ratio: formatRatio(hark.seconds / other.seconds),
      target: targeted ? '≤ 0.12' : '',
    },
    {
      what: `${what}, peak memory`,
      hark: formatMegabytes(hark.peakBytes),
      compared: `${name}: ${formatMegabytes(other.peakBytes)}`,
      ratio: formatRatio((hark.peakBytes ?? Number.NaN) / (other.peakBytes ?? Number.NaN)),
      target: targeted ? '≤ 0.3' : '',
    },
  ];
}

/** Writes the Events, several at a time. */
async function fill(client: RawClient): Promise<void> {
  const items = scaleListItems(EVENTS);
  const namespaces = new Map<string, Promise<unknown>>();

  async function write(): Promise<void> {
    for (const item of items) {
      const { metadata, ...event } = JSON.parse(item) as { metadata: { name: string; namespace: string } };
      const { name, namespace } = metadata;
      if (!namespaces.has(namespace)) namespaces.set(namespace, createNamespace(client, namespace));
      await namespaces.get(namespace);
      await client.send('POST', `/api/v1/namespaces/${namespace}/events`, {
        ...event,
        metadata: { name, namespace },
      });
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, write));
}

async function createNamespace(client: RawClient, name: string): Promise<void> {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  await client.send('POST', '/api/v1/namespaces', namespace, [409]);
}
