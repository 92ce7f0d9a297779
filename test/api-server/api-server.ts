import type { Answer, Ending } from './answer.ts';
import type { EventStorage, WireEvent } from './event-storage.ts';
import type { CertificateWishes, KeyPair } from './make-certificates.ts';
import type { RequestMatch, SeenRequest } from './seen-request.ts';
import type { CollectedObject, Collections } from './serve-collections.ts';
import type { CustomKind } from './serve-discovery.ts';
import type { WatchListSupport } from './serve-events.ts';
import type { WireObject } from './serve-objects.ts';
import type { Reviews } from './serve-reviews.ts';

/**
 * A double of the Kubernetes API server, over real TLS sockets on loopback. Without a script it behaves as the real one does (list in pages, watch,
 * `sendInitialEvents`, field selectors, compaction, both API groups of Events, discovery, objects, authentication); a script replaces chosen answers:
 *
 *     const server = await startApiServer({ events: readRecordedEvents('v1.36/b-bad-image') });
 *     server.script('watch', { status: 410 });                        // the next watch gets HTTP 410
 *     server.script('watch', { pieces: ['{"ty'], ending: 'cut' });    // the one after it is cut in the middle of a line
 *     server.script('list', { status: 429, headers: { 'retry-after': '7' } }, 3);
 *     const kubeconfig = server.writeKubeconfig();                    // a file, for --kubeconfig
 *     await server.seen('watch', 2);                                  // resolves when the second watch has been asked for
 *     await server.watching();                                        // resolves when a watch is open and is sent changes
 *     server.storage.write(event);                                    // every open watch gets a line
 *     server.endWatches('cut');                                       // each is cut; 'end' ends it as the server's own time limit does
 *     server.requests                                                 // all that was asked, in order
 *     await server.stop();
 *
 * It never acts by time: what a real server does after a while, the test says when.
 */
export interface ApiServer {
  readonly url: string;
  /** PEM of the CA that signed its certificate. */
  readonly ca: string;
  readonly requests: readonly SeenRequest[];
  /** The Events there are now; write, remove, compact. Replaced by `rebuild`. */
  readonly storage: EventStorage;
  /** The objects there are, by resource; empty and not served unless `collected` was wished for. */
  readonly collections: Collections;
  /** Resolves when `count` watches of objects are open: these are not among those of `watching`. */
  watchingObjects(count?: number): Promise<void>;
  /** As `endWatches`, those of objects. */
  endObjectWatches(how?: Ending): void;
  /** The next `times` requests that match get this answer; scripts are used up in the order in which they were given. */
  script(match: RequestMatch, answer: Answer, times?: number): void;
  /** Resolves with the `count`th matching request, at once when it was already seen. */
  seen(match: RequestMatch, count?: number): Promise<SeenRequest>;
  /** Resolves when `count` watches are open. */
  watching(count?: number): Promise<void>;
  /** Resolves when no watch is open. */
  unwatched(): Promise<void>;
  /** How many connections were ever made. */
  connections(): number;
  /** Ends every open watch, or breaks it off. */
  endWatches(how?: Ending): void;
  /** Another cluster takes this one's place behind the same address: other Events, other kube-system, revisions from the start. Open watches stay silent. */
  rebuild(wishes: {
    readonly events?: readonly WireEvent[];
    readonly kubeSystemUid?: string;
    readonly revision?: number;
  }): void;
  /** From now on only what the rule allows is done; all else gets 403. */
  allow(rule: (request: SeenRequest) => boolean): void;
  /** From now on it answers TokenReviews and SubjectAccessReviews. */
  review(reviews: Reviews): void;
  /** From now on only these bearer tokens are let in; others get 401. */
  acceptTokens(tokens: readonly string[]): void;
  /** A certificate signed by the server's CA, for a client or another server. */
  issue(wishes: CertificateWishes): KeyPair;
  /**
   * Writes a kubeconfig of one context `double` that trusts the server, and returns its path; it is removed by `stop`.
   *
   * @param user the user entry, instead of an empty one
   * @param cluster fields to add to the cluster entry, or to replace
   */
  writeKubeconfig(user?: object, cluster?: object, namespace?: string): string;
  /** Closes the port and every connection, as a crash does. */
  crash(): Promise<void>;
  /** Listens on the same port again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface ApiServerWishes {
  readonly events?: readonly WireEvent[];
  /** The newest revision at the start; default that of the newest Event. */
  readonly revision?: number;
  /** Default `v1.36.2`. */
  readonly version?: string;
  readonly kubeSystemUid?: string;
  /** Namespaces beside `default`, `kube-system` and those of the Events. */
  readonly namespaces?: readonly string[];
  /** Objects that may be listed and watched; without it no kind may be but Events. */
  readonly collected?: readonly CollectedObject[];
  /** Objects to be had by GET. */
  readonly objects?: readonly WireObject[];
  readonly customKinds?: readonly CustomKind[];
  /** Default true. */
  readonly aggregatedDiscovery?: boolean;
  /** Default `served`. */
  readonly watchList?: WatchListSupport;
  /** Clients without a certificate are refused in the TLS handshake. */
  readonly clientCertificate?: 'required';
  /** The server's own certificate; default one for 127.0.0.1 and localhost. */
  readonly certificate?: Partial<CertificateWishes>;
}
