import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { SECOND } from '../lib/time.ts';
import type { StoreSize } from '../store/store.ts';
import type { ListeningBoard } from './listening-board.ts';
import { measureRecord } from './record-metrics.ts';
import type { Served } from './served.ts';

/** All that /metrics tells of. */
export function openMetrics(app: FastifyInstance, served: Served, board: ListeningBoard): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  measureListening(registry, board);
  measureSending(registry, board);
  measureStore(registry, served);
  measureRequests(registry, app);
  measureRecord(registry, served.model);
  new Gauge({
    name: 'hark_live_readers',
    help: 'Readers of /v1/live',
    registers: [registry],
    collect() {
      this.set(served.live.readers());
    },
  });
  new Counter({
    name: 'hark_live_readers_let_go_total',
    help: 'Readers of /v1/live that were let go, by why',
    labelNames: ['code'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [code, count] of served.live.letGo()) this.inc({ code }, count);
    },
  });
  return registry;
}

function measureListening(registry: Registry, board: ListeningBoard): void {
  const counter = (name: string, help: string, read: () => number) =>
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  const noticed = (code: string) => board.counts().get(`notice ${code}`) ?? 0;
  counter('hark_events_heard_total', 'Lines and list items heard of clusters', () => board.tally().heard);
  counter('hark_events_stored_total', 'Events that were not known before', () => board.tally().added);
  counter('hark_repeats_stored_total', 'Repeats that were not known before', () => board.tally().repeated);
  counter('hark_gaps_total', 'Times in which changes may have been missed', () => board.tally().gaps);
  counter('hark_broken_lines_total', 'What clusters sent and could not be read', () =>
    noticed('broken-event'),
  );
  counter('hark_reconnects_total', 'Times a cluster answered again after it had not', () =>
    noticed('connected-again'),
  );
  new Gauge({
    name: 'hark_lag_seconds',
    help: 'How long after its creation the newest Event of the last batch was stored',
    registers: [registry],
    collect() {
      const { lag } = board.tally();
      this.set(lag === undefined ? Number.NaN : lag / SECOND);
    },
  });
  new Gauge({
    name: 'hark_cluster_listening',
    help: '1 for the state that listening to a cluster is in',
    labelNames: ['cluster', 'state'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [cluster, state] of board.tally().feeds) this.set({ cluster, state }, 1);
    },
  });
  new Gauge({
    name: 'hark_store_failing',
    help: '1 while what was heard cannot be stored',
    registers: [registry],
    collect() {
      this.set(Number(board.tally().storeFailing));
    },
  });
}

/** What is sent over OTLP; of what is not sent there are no series. */
function measureSending(registry: Registry, board: ListeningBoard): void {
  const counter = (name: string, help: string, of: 'sent' | 'rejected' | 'dropped' | 'retries') =>
    new Counter({
      name,
      help,
      labelNames: ['signal'],
      registers: [registry],
      collect() {
        this.reset();
        for (const [signal, counts] of board.sent()) this.inc({ signal }, counts[of]);
      },
    });
  const gauge = (name: string, help: string, of: 'waiting' | 'failing') =>
    new Gauge({
      name,
      help,
      labelNames: ['signal'],
      registers: [registry],
      collect() {
        this.reset();
        for (const [signal, counts] of board.sent()) this.set({ signal }, Number(counts[of]));
      },
    });
  counter('hark_otlp_sent_total', 'Spans, log records and values of metrics that the receiver took', 'sent');
  counter('hark_otlp_rejected_total', 'What the receiver says it did not take of what it took', 'rejected');
  counter('hark_otlp_dropped_total', 'What was given up: the receiver refuses it', 'dropped');
  counter('hark_otlp_retries_total', 'Requests that have to be made again', 'retries');
  gauge('hark_otlp_waiting', 'Stories of which something is to be sent now', 'waiting');
  gauge('hark_otlp_failing', '1 while the receiver takes nothing', 'failing');
}

function measureStore(registry: Registry, { store }: Served): void {
  const gauge = (name: string, help: string, of: keyof StoreSize) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        this.set((await store.readSize())[of]);
      },
    });
  gauge('hark_store_bytes', 'Size of the store on disk', 'bytes');
  gauge('hark_store_events', 'Events in the store', 'events');
  gauge('hark_store_occurrences', 'Points of all Events in the store', 'occurrences');
}

function measureRequests(registry: Registry, app: FastifyInstance): void {
  const seconds = new Histogram({
    name: 'hark_http_request_duration_seconds',
    help: 'How long answers took, by route',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    seconds.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  });
}
