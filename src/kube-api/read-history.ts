import type { Micros } from '../lib/time.ts';
import { printTold, selectTold } from './history-kind.ts';
import type { HistoryLog, ToldState } from './history-log.ts';
import type { KubeApi } from './kube-api.ts';
import type { KubeObject } from './print-object.ts';
import { type Resource, STORIES } from './resources.ts';

/** Which of them are asked for. */
export interface HistoryPlace {
  /** Empty: all. */
  readonly namespace: string;
  readonly name: string;
}

/** All stories, or findings, as they stand now. */
export interface HistoryNow {
  readonly log: HistoryLog;
  readonly state: ToldState;
  /** Until when the record goes. */
  readonly asOf: Micros;
}

export async function readHistoryNow(api: KubeApi, resource: Resource): Promise<HistoryNow> {
  const log = api.histories.of(api.cluster, resource.resource);
  const place = await api.log.readPlace();
  const { stories = [], findings = [], asOf = 0 } = (await api.readHistory?.()) ?? {};
  const state = log.take(resource === STORIES ? stories : findings, place);
  return { log, state, asOf };
}

/** One of them; undefined when there is none of the name. */
export async function findTold(
  api: KubeApi,
  resource: Resource,
  place: HistoryPlace,
): Promise<KubeObject | undefined> {
  const isWanted = selectTold(place, { fieldSelector: '', labelSelector: '' });
  const { state, asOf } = await readHistoryNow(api, resource);
  const found = state.items.find(({ item }) => isWanted(item));
  return found && printTold(found, resource, asOf);
}
