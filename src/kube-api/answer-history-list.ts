import { type Asked, answerPages, isOfAll, single } from './answer-list.ts';
import { historyKind, printTold, selectTold } from './history-kind.ts';
import type { ToldItem, ToldState } from './history-log.ts';
import type { KubeAnswer, KubeApi } from './kube-api.ts';
import { type HistoryPlace, readHistoryNow } from './read-history.ts';
import type { ListOptions } from './read-list-options.ts';
import { formatResourceVersion, parseResourceVersion } from './resource-version.ts';
import { badRequest, expired, tooLargeResourceVersion } from './status.ts';

/** Answers a list of stories in the order they began, or of findings, the most telling first: the whole of it or as much as is wanted at once. */
export async function answerHistoryList(
  api: KubeApi,
  place: HistoryPlace,
  asked: Asked,
): Promise<KubeAnswer> {
  const { resource, options } = asked;
  const isWanted = selectTold(place, options);
  const token = readToken(options);
  const now = await readHistoryNow(api, resource);
  if (token === undefined) checkVersion(now.state, options);
  // What is read part by part stays as it was; where that is forgotten, it goes on behind the last that was given.
  const kept = token && now.log.findState(token.version);
  const state = kept ?? now.state;
  const all = state.items.filter(({ item }) => isWanted(item));
  const start = token === undefined ? 0 : kept === undefined ? findAfter(all, token) : token.index;
  const end = options.limit > 0 ? Math.min(all.length, start + options.limit) : all.length;
  const part = all.slice(start, end);
  const left = all.length - end;
  if (left > 0) now.log.keepState(state);
  const last = part.at(-1)?.item.id ?? '';
  const metadata = {
    resourceVersion: formatResourceVersion(state.version),
    ...(left > 0 && { continue: formatToken({ version: state.version, index: end, last }) }),
    // Of a selection API servers do not tell it.
    ...(left > 0 && isOfAll(options) && { remainingItemCount: left }),
  };
  const objects = part.map((one) => printTold(one, resource, now.asOf));
  return answerPages(historyKind(resource), metadata, single(objects), asked);
}

/** Where a list that is read part by part goes on. */
interface Token {
  readonly version: number;
  readonly index: number;
  /** The id of the last that was given. */
  readonly last: string;
}

function formatToken(token: Token): string {
  return Buffer.from(JSON.stringify({ v: 'hark/history', ...token })).toString('base64url');
}

/** @throws StatusError 400 */
function readToken({ continue: text, resourceVersion }: ListOptions): Token | undefined {
  if (text === '') return undefined;
  if (parseResourceVersion(resourceVersion) !== undefined)
    throw badRequest('specifying resource version is not allowed when using continue');
  try {
    const { v, version, index, last } = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    const areNumbers = Number.isSafeInteger(version) && Number.isSafeInteger(index) && index >= 0;
    if (v === 'hark/history' && areNumbers && typeof last === 'string') return { version, index, last };
  } catch {
    // told below
  }
  throw badRequest('invalid continue token: continue key is not valid: it is not one of this server');
}

function findAfter(all: readonly ToldItem[], { last, index }: Token): number {
  const found = all.findIndex(({ item }) => item.id === last);
  return found === -1 ? Math.min(index, all.length) : found + 1;
}

/** Whether there is an answer for the resourceVersion that is asked for. */
function checkVersion(
  { version }: ToldState,
  { resourceVersion, resourceVersionMatch, limit }: ListOptions,
): void {
  const wanted = parseResourceVersion(resourceVersion);
  if (wanted === undefined || wanted === version) return;
  if (wanted > version) throw tooLargeResourceVersion(resourceVersion, formatResourceVersion(version));
  if (resourceVersionMatch === 'Exact' || (resourceVersionMatch === '' && limit > 0))
    throw expired('The resourceVersion for the provided list is too old.');
}
