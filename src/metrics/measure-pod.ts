import { type Micros, type MicrosLength, SECOND } from '../lib/time.ts';
import type { Step } from '../stories/story.ts';
import { stableId } from '../stories/tell/stable-id.ts';
import { type Measure, POD_SETTLES } from './measure.ts';
import type { Sample } from './metric.ts';
import { readPull } from './read-pull.ts';

/** What Events say of one Pod in one story, in any order. */
export type PodSteps = Step[];

interface Container {
  pullingAt: Micros | undefined;
  /** Of its first pull, where the record tells the two ends alone. */
  pullTook: MicrosLength | undefined;
  pulledAt: Micros[];
  startedAt: Micros | undefined;
}

/** The phases of a Pod's start, where its Events tell them from end to end, and each pull of an image. */
export function measurePod(
  key: string,
  steps: PodSteps,
  isInit: (pod: string, container: string) => boolean,
): Measure[] {
  const containers = readContainers(steps);
  const scheduled = steps.find(({ reason }) => reason === 'Scheduled');
  const pulls = steps.flatMap((step) => measurePulls(key, step, containers.get(step.container)));
  if (scheduled === undefined) return pulls;
  const { at, took, object } = scheduled;
  const measure = (phase: string, endedAt: Micros, length: MicrosLength): Measure => ({
    id: stableId(`${phase}/${key}`),
    endedAt,
    settles: POD_SETTLES,
    samples: [startup(phase, object.namespace, length)],
  });
  const waited = took === undefined ? [] : [measure('scheduling', at, took)];
  const startedAt = startOf(containers, (container) => isInit(key, container));
  if (startedAt === undefined) return [...pulls, ...waited];
  const all = Math.max(0, startedAt - at);
  const pulling = pullingOf(containers);
  const spent = Math.min(all, pulling ?? 0);
  return [
    ...pulls,
    ...waited,
    ...(pulling === undefined ? [] : [measure('pulling', startedAt, spent)]),
    measure('starting', startedAt, all - spent),
  ];
}

function startup(phase: string, namespace: string, length: MicrosLength): Sample {
  return { metric: 'hark_pod_startup_seconds', labels: { phase, namespace }, value: length / SECOND };
}

function readContainers(steps: PodSteps): Map<string, Container> {
  const containers = new Map<string, Container>();
  for (const { container, reason, at, took, outcome, occurrences } of steps) {
    if (container === '') continue;
    const known = containers.get(container) ?? {
      pullingAt: undefined,
      pullTook: undefined,
      pulledAt: [],
      startedAt: undefined,
    };
    containers.set(container, known);
    if (reason === 'Started') known.startedAt = Math.min(known.startedAt ?? at, at);
    if (reason === 'Pulled') known.pulledAt.push(...occurrences.map((occurrence) => occurrence.at));
    if (reason !== 'Pulling' || at >= (known.pullingAt ?? Number.POSITIVE_INFINITY)) continue;
    known.pullingAt = at;
    known.pullTook = outcome === 'succeeded' ? took : undefined;
  }
  return containers;
}

/** When the last of the containers that are spoken of was first started; undefined until each of them was, one besides init containers. */
function startOf(
  containers: ReadonlyMap<string, Container>,
  isInit: (name: string) => boolean,
): Micros | undefined {
  let last: Micros | undefined;
  let isInitOnly = true;
  for (const [name, { startedAt }] of containers) {
    if (startedAt === undefined) return undefined;
    last = Math.max(last ?? startedAt, startedAt);
    if (!isInit(name)) isInitOnly = false;
  }
  return isInitOnly ? undefined : last;
}

/** From the first try to pull until the image was there, of all containers that waited for theirs; a kubelet starts one after the other. */
function pullingOf(containers: ReadonlyMap<string, Container>): MicrosLength | undefined {
  let total: MicrosLength | undefined;
  for (const { pullingAt, pulledAt, startedAt = 0 } of containers.values()) {
    const ended = pulledAt.filter((at) => at >= (pullingAt ?? 0) && at <= startedAt);
    if (pullingAt === undefined || ended.length === 0) continue;
    total = (total ?? 0) + Math.min(...ended) - pullingAt;
  }
  return total;
}

function measurePulls(key: string, step: Step, container: Container | undefined): Measure[] {
  if (step.reason !== 'Pulled') return [];
  const isFirst = (at: Micros) => container !== undefined && at === Math.min(...container.pulledAt);
  return step.occurrences.flatMap(({ at, message }): Measure[] => {
    const pull = readPull(message);
    const took = pull?.took ?? (isFirst(at) ? container?.pullTook : undefined);
    if (pull === undefined || took === undefined) return [];
    return [
      {
        id: stableId(`pull/${key}/${step.container}/${at}`),
        endedAt: at,
        settles: POD_SETTLES,
        samples: [{ metric: 'hark_image_pull_seconds', labels: { image: pull.image }, value: took / SECOND }],
      },
    ];
  });
}
