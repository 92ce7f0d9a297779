import { happenedAt } from '../events/event-time.ts';
import { type Asked, answerPages, single } from './answer-list.ts';
import { answerWatch, inPieces, type WatchEnd, type WatchStart } from './answer-watch.ts';
import type { KnownNamespace, KubeAnswer, KubeApi } from './kube-api.ts';
import { NAMESPACE_KIND, printNamespace } from './namespace-kind.ts';
import { formatResourceVersion } from './resource-version.ts';
import { badRequest, expired } from './status.ts';
import { createLineWriter } from './watch-lines.ts';

type IsWanted = (namespace: KnownNamespace) => boolean;

/** Answers a list of the namespaces of which there are Events, in the order of their names. */
export async function answerNamespaceList(
  api: KubeApi,
  isWanted: IsWanted,
  asked: Asked,
): Promise<KubeAnswer> {
  const { limit, continue: token } = asked.options;
  const place = await api.log.readPlace();
  const after = token === '' ? undefined : parseAfter(token);
  const all = (await api.readNamespaces()).filter(
    (one) => isWanted(one) && (after === undefined || one.name > after),
  );
  const some = limit > 0 ? all.slice(0, limit) : all;
  const last = some.length < all.length ? some.at(-1)?.name : undefined;
  const metadata = {
    resourceVersion: formatResourceVersion(place),
    ...(last !== undefined && {
      continue: formatAfter(last),
      remainingItemCount: all.length - some.length,
    }),
  };
  const objects = some.map((one) => printNamespace(one, api.cluster));
  return answerPages(NAMESPACE_KIND, metadata, single(objects), asked);
}

function formatAfter(name: string): string {
  return Buffer.from(JSON.stringify({ v: 'hark/namespaces', after: name })).toString('base64url');
}

function parseAfter(token: string): string {
  try {
    const { v, after } = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (v === 'hark/namespaces' && typeof after === 'string') return after;
  } catch {
    // told below
  }
  throw badRequest('invalid continue token: continue key is not valid: it is not one of this server');
}

/** Answers a watch of them: one comes in with its first Event; none ever goes. */
export function answerNamespaceWatch(api: KubeApi, isWanted: IsWanted, asked: Asked): KubeAnswer {
  return answerWatch(asked, api, (start, end) => tellNamespaces(api, isWanted, asked, start, end));
}

async function* tellNamespaces(
  { log, cluster, readNamespaces }: KubeApi,
  isWanted: IsWanted,
  { options, shape }: Asked,
  start: Promise<WatchStart>,
  end: WatchEnd,
): AsyncGenerator<string> {
  const writer = createLineWriter(NAMESPACE_KIND, shape);
  const from = await start;
  let place = from === 'state' ? await log.readPlace() : from;
  // Of a place in the past it is not known which there were: one is told again rather than never.
  const told = new Set<string>();
  if (from === 'state') {
    const all = (await readNamespaces()).filter(isWanted);
    for (const { name } of all) told.add(name);
    yield* inPieces(all.map((one) => writer.object('ADDED', printNamespace(one, cluster))));
  } else if (from === (await log.readPlace())) for (const { name } of await readNamespaces()) told.add(name);
  if (options.sendInitialEvents === true && options.allowWatchBookmarks)
    yield writer.bookmark(formatResourceVersion(place), true);
  while (!end.signal.aborted) {
    const changed = await log.readChanged(place);
    if (changed === 'gone') {
      yield writer.error(expired('The resourceVersion for the provided watch is too old.').status);
      return;
    }
    for (const record of changed.records) {
      if (record === undefined || record.cluster !== cluster) continue;
      const { namespace: name } = record.event;
      if (told.has(name)) continue;
      told.add(name);
      const known = (await readNamespaces()).find((one) => one.name === name);
      const one = known ?? { name, from: happenedAt(record.event) };
      if (isWanted(one)) yield writer.object('ADDED', printNamespace(one, cluster));
    }
    if (changed.upto > place) {
      place = changed.upto;
      continue;
    }
    if (end.isBookmarkDue() && options.allowWatchBookmarks)
      yield writer.bookmark(formatResourceVersion(place), false);
    const reached = place;
    await end.pause((signal) => log.whenChanged(reached, signal));
  }
}
