import type { Finding } from '../stories/diagnose/finding.ts';
import type { Story } from '../stories/story.ts';

export type Told = Story | Finding;

/** A story or finding as it stands, with the version in which it came to stand so. */
export interface ToldItem {
  readonly item: Told;
  readonly version: number;
}

/** What changed of one of them: undefined before when it is new, after when it is gone. */
export interface ToldChange {
  readonly version: number;
  readonly before: Told | undefined;
  readonly after: Told | undefined;
}

/** All of them at one moment. */
export interface ToldState {
  readonly version: number;
  /** In their order. */
  readonly items: readonly ToldItem[];
}

/** Stories, or findings, of one cluster as they were told: each different telling has a version, which grows. */
export interface HistoryLog {
  /**
   * Takes in what is told now.
   *
   * @param place where the record stands: versions of a later process are higher than those of this one
   */
  take(items: readonly Told[], place: number): ToldState;
  /** What changed after a version, in order; undefined when it is not known any more, or never was one. */
  since(version: number): readonly ToldChange[] | undefined;
  /** The latest version. */
  version(): number;
  /** A list that is read part by part, as it was when it began; undefined when it is forgotten. */
  findState(version: number): ToldState | undefined;
  keepState(state: ToldState): void;
}

/** Versions between two places of the record: stories are told anew some times a second. */
const VERSIONS_PER_PLACE = 1_000;
const MOST_CHANGES = 10_000;
const MOST_STATES = 8;

export function createHistoryLog(mostChanges = MOST_CHANGES): HistoryLog {
  const states = new Map<number, ToldState>();
  let changes: ToldChange[] = [];
  /** Changes after it are known. */
  let from = 0;
  let version = 0;
  let known = new Map<string, ToldItem>();

  function note(before: Told | undefined, after: Told | undefined): void {
    changes.push({ version, before, after });
  }

  function trim(): void {
    if (changes.length <= 2 * mostChanges) return;
    const gone = changes.length - mostChanges;
    from = changes[gone - 1]?.version ?? from;
    changes = changes.slice(gone).filter((change) => change.version > from);
  }

  return {
    take(items, place) {
      const now = new Map(items.map((item) => [item.id, item]));
      const gone = [...known.values()].filter(({ item }) => !now.has(item.id));
      const different = items.filter((item) => !isSame(known.get(item.id)?.item, item));
      const isFirst = version === 0;
      if (isFirst || gone.length + different.length > 0)
        version = Math.max(version + 1, place * VERSIONS_PER_PLACE);
      if (isFirst) from = version;
      else {
        for (const { item } of gone) note(item, undefined);
        for (const item of different) note(known.get(item.id)?.item, item);
        trim();
      }
      const isDifferent = new Set(different);
      const told = items.map((item) => {
        const before = known.get(item.id);
        return before === undefined || isDifferent.has(item) ? { item, version } : before;
      });
      known = new Map(told.map((one) => [one.item.id, one]));
      return { version, items: told };
    },
    since(after) {
      return after < from || after > version ? undefined : changes.filter((change) => change.version > after);
    },
    version: () => version,
    findState: (wanted) => states.get(wanted),
    keepState(state) {
      states.delete(state.version);
      states.set(state.version, state);
      for (const old of states.keys()) {
        if (states.size <= MOST_STATES) return;
        states.delete(old);
      }
    },
  };
}

/** Findings are made anew whenever they are asked for. */
function isSame(a: Told | undefined, b: Told): boolean {
  return a === b || (a !== undefined && JSON.stringify(a) === JSON.stringify(b));
}

/** Those of several clusters, and of stories and findings; made when they are first asked for. */
export interface HistoryLogs {
  of(cluster: string, resource: string): HistoryLog;
}

export function createHistoryLogs(): HistoryLogs {
  const logs = new Map<string, HistoryLog>();
  return {
    of(cluster, resource) {
      const key = `${resource} ${cluster}`;
      const log = logs.get(key) ?? createHistoryLog();
      logs.set(key, log);
      return log;
    },
  };
}
