import type { Asked } from './answer-list.ts';
import { answerWatch, inPieces, type WatchEnd, type WatchStart } from './answer-watch.ts';
import { historyKind, printTold, selectTold } from './history-kind.ts';
import type { Told, ToldChange, ToldItem } from './history-log.ts';
import type { KubeAnswer, KubeApi } from './kube-api.ts';
import { type HistoryPlace, readHistoryNow } from './read-history.ts';
import { formatResourceVersion, parseResourceVersion } from './resource-version.ts';
import { expired } from './status.ts';
import { createLineWriter } from './watch-lines.ts';

/** Answers a watch of them: what there is (if it is wanted), then what is told otherwise, is new or is told no more. */
export function answerHistoryWatch(api: KubeApi, place: HistoryPlace, asked: Asked): KubeAnswer {
  const isWanted = selectTold(place, asked.options);
  return answerWatch(asked, api, (start, end) => tellHistory(api, isWanted, asked, start, end));
}

async function* tellHistory(
  api: KubeApi,
  isWanted: (item: Told) => boolean,
  { resource, options, shape }: Asked,
  start: Promise<WatchStart>,
  end: WatchEnd,
): AsyncGenerator<string> {
  const writer = createLineWriter(historyKind(resource), shape);
  const news = openNews(api);
  try {
    let { log, state, asOf } = await readHistoryNow(api, resource);
    let version = parseResourceVersion(options.resourceVersion) ?? state.version;
    if ((await start) === 'state') {
      version = state.version;
      const all = state.items.filter(({ item }) => isWanted(item));
      yield* inPieces(all.map((one) => writer.object('ADDED', printTold(one, resource, asOf))));
    }
    if (options.sendInitialEvents === true && options.allowWatchBookmarks)
      yield writer.bookmark(formatResourceVersion(version), true);
    while (!end.signal.aborted) {
      const changes = log.since(version);
      if (changes === undefined) {
        yield writer.error(expired('The resourceVersion for the provided watch is too old.').status);
        return;
      }
      version = log.version();
      const told = changes.flatMap((change) => tellChange(change, isWanted));
      yield* inPieces(told.map(({ type, one }) => writer.object(type, printTold(one, resource, asOf))));
      if (end.isBookmarkDue() && options.allowWatchBookmarks)
        yield writer.bookmark(formatResourceVersion(version), false);
      await end.pause(news.wait);
      ({ log, state, asOf } = await readHistoryNow(api, resource));
    }
    if (options.allowWatchBookmarks) yield writer.bookmark(formatResourceVersion(version), false);
  } finally {
    news.close();
  }
}

interface ToldLine {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly one: ToldItem;
}

/** As API servers tell it to who has selected: what comes to be selected is new, what is not any more is gone. */
function tellChange({ version, before, after }: ToldChange, isWanted: (item: Told) => boolean): ToldLine[] {
  const was = before !== undefined && isWanted(before);
  if (after !== undefined && isWanted(after))
    return [{ type: was ? 'MODIFIED' : 'ADDED', one: { item: after, version } }];
  const gone = after ?? before;
  return was && gone !== undefined ? [{ type: 'DELETED', one: { item: gone, version } }] : [];
}

/** Says when something may be told otherwise; nothing is missed between two waits. */
function openNews(api: KubeApi) {
  let isNew = false;
  let wake = () => {};
  const leave = api.onHistory?.(() => {
    isNew = true;
    wake();
  });
  return {
    async wait(signal: AbortSignal): Promise<void> {
      if (leave === undefined) return await api.log.whenChanged(await api.log.readPlace(), signal);
      if (!isNew && !signal.aborted)
        await new Promise<void>((resolve) => {
          wake = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      isNew = false;
    },
    close: () => leave?.(),
  };
}
