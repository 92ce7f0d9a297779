import type { JsonObject } from '../events/print-event.ts';
import { formatContinue, parseContinue } from './continue-token.ts';
import { eventKind, printNumbered } from './event-kind.ts';
import type { KubeAnswer, KubeApi } from './kube-api.ts';
import type { ListWalk } from './list-walks.ts';
import { type Kind, type KubeObject, type Shape, shapeItem, shapeRow } from './print-object.ts';
import type { ListOptions } from './read-list-options.ts';
import { readPart, readState } from './read-state.ts';
import { formatResourceVersion, parseResourceVersion } from './resource-version.ts';
import { apiVersionOf, type Resource } from './resources.ts';
import type { EventSelection } from './select-events.ts';
import { badRequest, expired, tooLargeResourceVersion } from './status.ts';
import { type Writing, writeList } from './write-answer.ts';

/** What a list is answered with. */
export interface Asked {
  readonly resource: Resource;
  readonly options: ListOptions;
  readonly shape: Shape;
  readonly writing: Writing;
  readonly signal: AbortSignal;
}

/**
 * Answers a list of Events, the whole of it or as much as is wanted at once.
 *
 * @param namespace empty: all
 */
export async function answerEventList(
  api: KubeApi,
  selection: EventSelection,
  namespace: string,
  asked: Asked,
): Promise<KubeAnswer> {
  const { resource, options, signal } = asked;
  const kind = eventKind(resource);
  const print = (page: Parameters<typeof printNumbered>[0][]) =>
    page.map((item) => printNumbered(item, resource));
  if (options.limit > 0 || options.continue !== '') return answerPart();
  await checkVersion(api, selection, options);
  const { place, items } = await readState(api.log, selection, signal);
  return answerPages(kind, { resourceVersion: formatResourceVersion(place) }, mapPages(), asked);

  async function* mapPages() {
    for await (const page of items) yield print([...page]);
  }

  /** Those that came or repeated meanwhile among them: an estimate, as API servers' is. */
  function countLeft(given: number): number | undefined {
    const all = isOfAll(options) ? api.countEvents?.(namespace) : undefined;
    return all === undefined ? undefined : Math.max(1, all - given);
  }

  async function answerPart(): Promise<KubeAnswer> {
    const limit = options.limit > 0 ? options.limit : Number.MAX_SAFE_INTEGER;
    const { walk, edge, place } = await findWalk(api, selection, options);
    const part = await readPart(api.log, selection, limit, edge, walk, signal);
    const next =
      part.next &&
      formatContinue({ walk: walk?.id ?? '', place, edge: part.next, isLoose: walk === undefined });
    const left = next === undefined || walk === undefined ? undefined : countLeft(walk.size);
    const metadata = {
      resourceVersion: formatResourceVersion(place),
      ...(next !== undefined && { continue: next }),
      ...(left !== undefined && { remainingItemCount: left }),
    };
    return answerPages(kind, metadata, single(print([...part.items])), asked);
  }
}

/** Whether nothing is selected: of a selection API servers do not tell how many are left. */
export function isOfAll({ fieldSelector, labelSelector }: ListOptions): boolean {
  return fieldSelector === '' && labelSelector === '';
}

async function findWalk(api: KubeApi, selection: EventSelection, options: ListOptions) {
  if (options.continue === '') {
    await checkVersion(api, selection, options);
    const place = await api.log.readPlace();
    const walk: ListWalk | undefined = api.walks.begin(place);
    return { walk, edge: undefined, place };
  }
  const token = parseContinue(options.continue);
  if (parseResourceVersion(options.resourceVersion) !== undefined)
    throw badRequest('specifying resource version is not allowed when using continue');
  const walk = token.isLoose ? undefined : api.walks.find(token.walk);
  if (walk === undefined && !token.isLoose)
    throw expired(FORGOTTEN, formatContinue({ ...token, isLoose: true }));
  return { walk, edge: token.edge, place: token.place };
}

/** (k8s.io/apiserver `storage/etcd3` handleCompactedErrorForPaging.) */
const FORGOTTEN =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

/** Whether there can be an answer for the resourceVersion that is asked for: what there is now is not older than any that was handed out. */
async function checkVersion(
  { log }: KubeApi,
  { matches }: EventSelection,
  { resourceVersion, resourceVersionMatch, limit }: ListOptions,
): Promise<void> {
  const wanted = parseResourceVersion(resourceVersion);
  if (wanted === undefined) return;
  const place = await log.readPlace();
  if (wanted > place) throw tooLargeResourceVersion(resourceVersion, formatResourceVersion(place));
  const isExact = resourceVersionMatch === 'Exact' || (resourceVersionMatch === '' && limit > 0);
  if (!isExact) return;
  for (let at = wanted; at < place; ) {
    const changed = await log.readChanged(at);
    const hasChanged = changed === 'gone' || changed.records.some((one) => one !== undefined && matches(one));
    if (hasChanged) throw expired('The resourceVersion for the provided list is too old.');
    if (changed.upto === at) return;
    at = changed.upto;
  }
}

/** Writes the objects of a list in the shape that is wanted. */
export function answerPages(
  { resource, columns }: Kind,
  metadata: JsonObject,
  pages: AsyncIterable<readonly KubeObject[]>,
  { shape, writing }: Pick<Asked, 'shape' | 'writing'>,
): KubeAnswer {
  const { as } = shape;
  const isTable = as?.kind === 'Table';
  const kind = as?.kind ?? `${resource.kind}List`;
  const apiVersion = as === undefined ? apiVersionOf(resource) : `meta.k8s.io/${as.version}`;
  const head = { kind, apiVersion, metadata, ...(isTable && { columnDefinitions: columns }) };
  const shapeOne = (object: KubeObject) => (isTable ? shapeRow(object, shape) : shapeItem(object, shape));
  return writeList({ head, itemsName: isTable ? 'rows' : 'items', pages: shaped() }, writing);

  async function* shaped() {
    for await (const page of pages) yield page.map(shapeOne);
  }
}

export async function* single<T>(value: T): AsyncGenerator<T> {
  yield value;
}
