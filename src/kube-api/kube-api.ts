import type { RecordedEvent } from '../events/event.ts';
import type { NumberedEvent } from '../events/numbered-event.ts';
import type { EventQuery } from '../events/query.ts';
import type { Clock } from '../lib/clock.ts';
import type { Micros } from '../lib/time.ts';
import type { Finding } from '../stories/diagnose/finding.ts';
import type { Story } from '../stories/story.ts';
import type { HistoryLogs } from './history-log.ts';
import type { ListWalks } from './list-walks.ts';

/** A request of Kubernetes' API, free of how it came. */
export interface KubeRequest {
  readonly method: string;
  /** From the root of the API server that is answered for, percent-encoded as it came: `/api/v1/events`. */
  readonly path: string;
  /** What follows `?`, as it came; empty when nothing does. */
  readonly query: string;
  readonly accept: string | undefined;
  /** Curl and browsers are answered in a form that people read. */
  readonly userAgent?: string | undefined;
  /** Aborts when who asked has gone, or when it is time to stop. */
  readonly signal: AbortSignal;
}

/** An answer, free of how it is sent. */
export interface KubeAnswer {
  readonly status: number;
  /** In lower case, `content-type` among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** The whole text, or its pieces: of a long list, or the lines of a watch. */
  readonly body: string | AsyncIterable<string>;
  /** A watch: each piece is to be sent at once, and it may last. Ends by itself when the request's signal aborts. */
  readonly isWatch: boolean;
}

/** What happened after a place in a record's history; `Store` says what each part is. */
export interface NumberedChanges {
  readonly upto: number;
  readonly records: readonly (RecordedEvent | undefined)[];
  readonly numbers: readonly number[];
  readonly firsts: readonly number[];
}

/** Where Events are read from: a record whose changes are numbered for good. A `Store` is one, but for `whenChanged`. */
export interface EventLog {
  /** The number of the latest change. */
  readPlace(): Promise<number>;
  /** The matching Events in time order, each with the number of its last change. */
  readNumbered(query: EventQuery, signal?: AbortSignal): AsyncIterable<readonly NumberedEvent[]>;
  /** What changed after a place, some thousands at a time; `gone` when the history does not go back, or has not come, that far. */
  readChanged(place: number): Promise<NumberedChanges | 'gone'>;
  /** Resolves as soon as something may have changed after a place; when the signal aborts, too. May resolve for nothing. */
  whenChanged(place: number, signal: AbortSignal): Promise<void>;
}

/** What is to be read, as an API server asks its authorizer. */
export interface ReadAttributes {
  readonly verb: 'get' | 'list' | 'watch';
  /** Empty: the core group. */
  readonly group: string;
  readonly resource: string;
  /** Empty: all of them, or not in any. */
  readonly namespace: string;
  /** Empty: all of them. */
  readonly name: string;
}

/** Why somebody may not read something, in the words of who decided it. */
export interface Denial {
  /** Empty: nobody knows who asks. */
  readonly user: string;
  /** Empty: no more is known. */
  readonly reason: string;
}

/** A namespace of which there are Events, whether it is there still or not. */
export interface KnownNamespace {
  readonly name: string;
  /** When the first of its Events happened. */
  readonly from: Micros;
}

/** A kind of object that Events are about. */
export interface KnownKind {
  /** `apps/v1` */
  readonly apiVersion: string;
  readonly kind: string;
}

/** What the record means. */
export interface History {
  readonly stories: readonly Story[];
  /** What is wrong, then what was. */
  readonly findings: readonly Finding[];
  /** Until when the record goes. */
  readonly asOf: Micros;
}

/** A cluster whose Events are answered. */
export interface KubeApi {
  readonly log: EventLog;
  /** Its uid: Events of others in the log are not its. */
  readonly cluster: string;
  /** As its own `/version` says, `v1.36.2`; empty when unknown. */
  readonly version: string;
  readonly clock: Clock;
  /** What those who read page by page were given: one for as long as the server runs. */
  readonly walks: ListWalks;
  /** How stories and findings were told; one for as long as the server runs, and for all who see the same. */
  readonly histories: HistoryLogs;
  /** In the order of their names. */
  readNamespaces(): Promise<readonly KnownNamespace[]>;
  /** How many Events there are in a namespace, or in all (empty); undefined as long as it is not known. */
  countEvents?(namespace: string): number | undefined;
  /** Which kinds Events are about: clients ask what `pod/web` means before they ask for its Events. */
  readKinds?(): Promise<readonly KnownKind[]>;
  /** What happened, and what is wrong; left out: no stories are told here. */
  readHistory?(): Promise<History>;
  /** Calls back when what `readHistory` gives may be different. Returns how to leave. */
  onHistory?(listener: () => void): () => void;
  /** Whether this may be read; undefined: it may. Everybody may read everything when it is left out. What is discovered is open to all. */
  authorize?(wanted: ReadAttributes): Promise<Denial | undefined>;
}
