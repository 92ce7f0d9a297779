import type { Clock } from '../lib/clock.ts';
import { HarkError } from '../lib/errors.ts';
import { openTotals, type Total } from '../metrics/total-samples.ts';
import type { Store } from '../store/store.ts';
import type { AuditLog } from './access/audit-log.ts';
import { type AccessSetup, guardServed } from './access/guard-served.ts';
import { createKnownPlaces } from './access/known-places.ts';
import { renewTrust } from './access/renew-trust.ts';
import { openHub } from './hub.ts';
import { createLiveBoard } from './live/live-board.ts';
import { openModel } from './model.ts';
import { type AppOptions, openApp } from './open-app.ts';
import type { Address } from './read-address.ts';
import type { Served } from './served.ts';

export interface ServerOptions extends Omit<AppOptions, 'access' | 'audit' | 'isPart'> {
  readonly store: Store;
  readonly clock: Clock;
  readonly version: string;
  readonly address: Address;
  /** Whether the record goes no further than its latest happening: a file's. */
  readonly standsStill: boolean;
  /** Who may see what; undefined: whoever can ask sees all. */
  readonly access?: AccessSetup | undefined;
  readonly audit?: AuditLog | undefined;
}

export interface Server {
  /** `http://127.0.0.1:8471` */
  readonly url: string;
  /** Resolves when everything that was in the store has been read. */
  readonly loaded: Promise<void>;
  /** What is counted of the record by now, as /metrics tells it. */
  readTotals(): Total[];
  /** Answers until the signal aborts, then ends what is under way. */
  run(signal: AbortSignal): Promise<void>;
}

/**
 * Binds the address and answers from there on. The store stays open.
 *
 * @throws HarkError `address-in-use`, `usage` when the address can't be bound
 */
export async function openServer(options: ServerOptions): Promise<Server> {
  const { store, clock, version, board, address } = options;
  const hub = await openHub(store, clock);
  const isListening = (uid: string) => {
    const state = board.stateOf({ uid, name: '', version: '' });
    return state === 'listening' || state === 'catching up';
  };
  const model = openModel({
    store,
    hub,
    clock,
    standsStill: options.standsStill,
    isListening,
    onObject: (object) => places.note(object),
  });
  const totals = openTotals(clock.now());
  model.onSamples(totals.add);
  const places = createKnownPlaces(model);
  const served: Served = {
    store,
    hub,
    model,
    clock,
    version,
    listeningTo: board.stateOf,
    onListening: board.onChange,
    live: createLiveBoard(),
  };
  const audit = options.audit && { log: options.audit, clock };
  const guarded = options.access && guardServed(options.access, options, { served, places, isListening });
  const app = await openApp(served, { ...options, audit, access: guarded });
  try {
    await app.listen({ host: address.host, port: address.port });
  } catch (error) {
    await app.close();
    throw explainBinding(error, address);
  }
  const [bound] = app.addresses();
  const port = typeof bound === 'object' ? bound.port : address.port;
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://${host}:${port}`,
    loaded: model.loaded,
    readTotals() {
      model.measure();
      return totals.read(clock.now());
    },
    async run(signal) {
      const failed = new AbortController();
      const until = AbortSignal.any([signal, failed.signal]);
      const closed = new Promise<void>((resolve) => until.addEventListener('abort', () => resolve()));
      const parts = [
        hub.run(until),
        model.run(until),
        guarded?.run(until),
        guarded &&
          options.access &&
          renewTrust(guarded, options.access.readTrust, app.server, {
            clock,
            signal: until,
            report: options.report,
          }),
      ].map((part) =>
        part?.catch((error) => {
          failed.abort();
          throw error;
        }),
      );
      await closed;
      await app.close();
      await Promise.all(parts);
    },
  };
}

function explainBinding(error: unknown, { host, port }: Address): Error {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const address = `${host}:${port}`;
  if (code === 'EADDRINUSE')
    return new HarkError('address-in-use', `cannot listen on ${address}: something else does already`, {
      hint: `Perhaps another hark serve: open http://${address}. Or take another port: --listen ${host}:${port + 1}`,
    });
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new HarkError('usage', `cannot listen on ${address}: ${message}`, {
      hint: 'For example: --listen 127.0.0.1:8471',
    });
  return error instanceof Error ? error : new Error(String(error));
}
