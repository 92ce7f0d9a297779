import type { Clock } from '../lib/clock.ts';
import { splitListItems } from '../lib/split-list-items.ts';
import type { Micros } from '../lib/time.ts';
import { ApiFailure, isExpired } from './api-failure.ts';
import type { ApiResponse, Cluster } from './cluster.ts';
import { noKubernetes, requestOk } from './read-answer.ts';
import type { WatchedPlace } from './watched-resource.ts';

export interface ListWishes {
  readonly place: Pick<WatchedPlace, 'path' | 'what' | 'listAs'>;
  /** Items in a page; 0 for all in one. */
  readonly limit: number;
  readonly fieldSelector?: string | undefined;
  /**
   * Whether a list that the server can no longer give consistently (its `continue` token has expired, and a fresh one was offered) may go on
   * with newer items; otherwise it fails as expired.
   */
  readonly mayBeInconsistent?: boolean;
  readonly gzip?: boolean;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** How a list ended. */
export interface ListEnd {
  /** The newest write that it knows of: to watch from. */
  readonly resourceVersion: string;
  /** When the first page came: the list is of a moment before. */
  readonly at: Micros;
  /** Items that were too large to be read, and left out. */
  readonly skipped: number;
}

/** Larger than any object etcd takes. */
const LONGEST_ITEM = 8 * 1024 * 1024;

/**
 * Lists page by page, yielding the bytes of their JSON as they arrive. The next page is asked for while one is read; none is held whole.
 *
 * @throws ApiFailure; `isExpired` of it when the list has to be begun anew
 */
export async function* listPages(
  cluster: Cluster,
  wishes: ListWishes,
): AsyncGenerator<Uint8Array[], ListEnd> {
  let page = askForPage(cluster, wishes, '');
  let first: { readonly resourceVersion: string; readonly at: Micros } | undefined;
  let skipped = 0;
  for (;;) {
    const { head, next } = yield* readPage(cluster, wishes, await page.response);
    first ??= { resourceVersion: head.resourceVersion, at: wishes.clock.now() };
    skipped += head.skipped;
    if (next === undefined) return { ...first, skipped };
    page = next;
  }
}

interface AskedPage {
  readonly token: string;
  readonly response: Promise<ApiResponse>;
}

interface PageHead {
  readonly resourceVersion: string;
  readonly skipped: number;
}

function askForPage(cluster: Cluster, wishes: ListWishes, token: string): AskedPage {
  const response = requestPage(cluster, wishes, token);
  response.catch(() => undefined); // Heard where it is awaited; not at all, when the list is given up before.
  return { token, response };
}

async function requestPage(cluster: Cluster, wishes: ListWishes, token: string): Promise<ApiResponse> {
  const { place, limit, fieldSelector, signal, gzip = true } = wishes;
  const query = { limit: limit === 0 ? '' : String(limit), continue: token, fieldSelector };
  try {
    const request = { path: place.path, query, accept: place.listAs ?? 'application/json', gzip, signal };
    return await requestOk(cluster, request, `list ${place.what}`, wishes.clock);
  } catch (error) {
    const fresh = error instanceof ApiFailure && isExpired(error) ? error.answer?.continueToken : undefined;
    if (!fresh || fresh === token || wishes.mayBeInconsistent !== true) throw error;
    return await requestPage(cluster, wishes, fresh);
  }
}

async function* readPage(
  cluster: Cluster,
  wishes: ListWishes,
  response: ApiResponse,
): AsyncGenerator<Uint8Array[], { readonly head: PageHead; readonly next: AskedPage | undefined }> {
  const splitter = splitListItems(LONGEST_ITEM);
  let next: AskedPage | undefined;
  let done = false;
  try {
    for await (const chunk of response.body) {
      const items = splitter.push(chunk);
      next ??= askAhead(cluster, wishes, chunk);
      if (items.length > 0) yield items;
    }
    const head = splitter.head();
    if (head?.resourceVersion === undefined) throw noKubernetes(cluster, `list ${wishes.place.what}`);
    if (next?.token !== head.continue) {
      giveUp(next);
      next = head.continue === undefined ? undefined : askForPage(cluster, wishes, head.continue);
    }
    done = true;
    return { head: { resourceVersion: head.resourceVersion, skipped: splitter.skipped() }, next };
  } catch (error) {
    throw error instanceof SyntaxError ? noKubernetes(cluster, `list ${wishes.place.what}`) : error;
  } finally {
    response.close();
    if (!done) giveUp(next);
  }
}

/** API servers tell the token before the items, so the next page can be on its way while this one is read. */
function askAhead(cluster: Cluster, wishes: ListWishes, chunk: Uint8Array): AskedPage | undefined {
  const start = Buffer.from(chunk.buffer, chunk.byteOffset, Math.min(chunk.length, 2048)).toString('latin1');
  const token = /^\{[^[]*?"metadata":\{[^[{}]*?"continue":"([\w=+/-]+)"/.exec(start)?.[1];
  return token === undefined ? undefined : askForPage(cluster, wishes, token);
}

function giveUp(page: AskedPage | undefined): void {
  page?.response.then(
    (response) => response.close(),
    () => undefined,
  );
}
