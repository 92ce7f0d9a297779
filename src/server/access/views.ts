import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../lib/clock.ts';
import { MINUTE, type Micros, SECOND } from '../../lib/time.ts';
import { openModel } from '../model.ts';
import type { Served } from '../served.ts';
import type { KnownPlaces } from './known-places.ts';
import { formatScope, type Scope } from './scope.ts';
import { scopeHub } from './scope-hub.ts';
import { scopeLiveBoard } from './scope-live-board.ts';
import { type ScopeSize, scopeStore } from './scope-store.ts';

/** What answers of a server that holds a scope's part of the record and nothing else. */
export type ViewApp = Pick<FastifyInstance, 'routing' | 'ready' | 'close'>;

/** One such server for each scope: whoever sees the same shares all that is made of it, and nothing is made of more than they see. */
export interface Views {
  /** What answers those who see the scope. Call `done` when the answer has been given. */
  enter(scope: Scope): Promise<{ readonly app: ViewApp; readonly done: () => void }>;
  size(): number;
  /** Closes what nobody has asked for a while. */
  tidy(): void;
  closeAll(): Promise<void>;
}

export interface ViewsOptions {
  readonly served: Served;
  readonly places: KnownPlaces;
  readonly standsStill: boolean;
  readonly isListening: (cluster: string) => boolean;
  readonly openApp: (served: Served) => Promise<ViewApp>;
  readonly report: (error: Error) => void;
}

/** Scopes at a time: beyond, the one that was asked for longest ago is closed, its live streams end and connect again. */
const MOST_VIEWS = 32;
const IDLE_FOR = 10 * MINUTE;
/** Events are counted so often: all there are, for each scope. */
const COUNT_EVERY = 10 * SECOND;

interface View {
  readonly app: ViewApp;
  /** Resolves when the newest Events have been read. */
  readonly answered: Promise<void>;
  readonly close: () => Promise<void>;
  answering: number;
  usedAt: Micros;
}

export function createViews(options: ViewsOptions): Views {
  const { served, report } = options;
  const { clock } = served;
  const views = new Map<string, Promise<View>>();

  function drop(key: string, opening: Promise<View>): void {
    if (views.get(key) === opening) views.delete(key);
    opening.then((view) => view.close()).catch(report);
  }

  function make(key: string, scope: Scope): Promise<View> {
    const opening = openView(options, scope, clock, (error) => {
      report(error);
      drop(key, opening);
    });
    opening.catch(() => views.delete(key));
    return opening;
  }

  return {
    async enter(scope) {
      const key = formatScope(scope);
      const opening = views.get(key) ?? make(key, scope);
      views.delete(key);
      views.set(key, opening);
      for (const [oldest, other] of views) {
        if (views.size <= MOST_VIEWS) break;
        drop(oldest, other);
      }
      const view = await opening;
      await view.answered;
      view.answering += 1;
      view.usedAt = clock.now();
      return {
        app: view.app,
        done() {
          view.answering -= 1;
          view.usedAt = clock.now();
        },
      };
    },
    size: () => views.size,
    tidy() {
      for (const [key, opening] of views)
        opening.then(
          (view) => {
            if (view.answering === 0 && clock.now() - view.usedAt > IDLE_FOR) drop(key, opening);
          },
          () => {},
        );
    },
    async closeAll() {
      const all = [...views.values()];
      views.clear();
      await Promise.allSettled(all.map(async (opening) => (await opening).close()));
    },
  };
}

async function openView(
  { served, places, standsStill, isListening, openApp }: ViewsOptions,
  scope: Scope,
  clock: Clock,
  onFailure: (error: Error) => void,
): Promise<View> {
  const store = scopeStore(served.store, scope, countNowAndThen(places, scope, clock));
  const hub = scopeHub(served.hub, scope);
  const model = openModel({ store, hub, clock, standsStill, isListening });
  const app = await openApp({ ...served, store, hub, model, live: scopeLiveBoard(served.live) });
  await app.ready();
  const ended = new AbortController();
  const running = model.run(ended.signal);
  running.catch((error) => onFailure(error instanceof Error ? error : new Error(String(error))));
  return {
    app,
    answered: model.answering,
    answering: 0,
    usedAt: clock.now(),
    async close() {
      ended.abort();
      await app.close();
      hub.leave();
      await running.catch(() => {});
    },
  };
}

function countNowAndThen(places: KnownPlaces, scope: Scope, clock: Clock): () => ScopeSize {
  let [events, countedAt] = [0, Number.NEGATIVE_INFINITY];
  return () => {
    if (clock.now() - countedAt >= COUNT_EVERY) {
      countedAt = clock.now();
      events = places.events(scope);
    }
    return { events, objects: places.touched(scope) };
  };
}
