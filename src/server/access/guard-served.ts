import type { Cluster } from '../../kube/cluster.ts';
import { HarkError } from '../../lib/errors.ts';
import { openApp } from '../open-app.ts';
import type { ServerOptions } from '../open-server.ts';
import type { Served } from '../served.ts';
import { createAuthenticator } from './authenticate.ts';
import type { KnownPlaces } from './known-places.ts';
import { type Access, openAccess } from './open-access.ts';
import type { Trust } from './read-trust.ts';
import { type BelieveFor, createReviewer } from './reviewer.ts';
import { createViews } from './views.ts';

/** Who is asked who may see what. */
export interface AccessSetup {
  /** The first one's API server knows the users; of each, its own says what may be seen of it. */
  readonly clusters: readonly [Cluster, ...Cluster[]];
  /** Whom tokens must be meant for; none: the API server itself. */
  readonly audiences: readonly string[];
  readonly believeFor: BelieveFor;
  readonly trust: Trust;
  /** Reads certificates and authorities again. */
  readonly readTrust: () => Promise<Trust>;
}

/** Puts a guard before what is served. */
export function guardServed(
  { clusters, audiences, believeFor, trust }: AccessSetup,
  options: ServerOptions,
  {
    served,
    places,
    isListening,
  }: { served: Served; places: KnownPlaces; isListening: (uid: string) => boolean },
): Access & { trust: Trust } {
  const { clock } = served;
  const { report, standsStill } = options;
  const [first, ...others] = clusters;
  const home = createReviewer({ cluster: first, isHome: true, audiences, believeFor, clock });
  const foreign = others.map((cluster) =>
    createReviewer({ cluster, isHome: false, audiences, believeFor, clock }),
  );
  const believed = { trust };
  let failure = '';
  const authenticator = createAuthenticator({
    clients: () => believed.trust.clients,
    frontProxy: () => believed.trust.frontProxy,
    async askToken(digest, token) {
      try {
        const found = await home.askToken(digest, token);
        failure = '';
        return found;
      } catch (cause) {
        if (cause instanceof Error && cause.message !== failure) report(cause);
        failure = cause instanceof Error ? cause.message : '';
        const message = 'the API server cannot be asked now whose a token is';
        const hint = 'Ask again in a moment; the server’s log says more.';
        throw new HarkError('access-unknown', message, { hint, cause });
      }
    },
  });
  const part = { ...options, tls: undefined, token: undefined, pages: undefined, isPart: true };
  const views = createViews({
    served,
    places,
    standsStill,
    isListening,
    report,
    openApp: (scoped) => openApp(scoped, { ...part, access: undefined, audit: undefined }),
  });
  const access = openAccess({
    served,
    authenticator,
    reviewers: [home, ...foreign],
    places,
    views,
    clock,
    report,
  });
  return Object.assign(believed, access);
}
