import { BUILTIN_KINDS } from '../../events/kind-names.ts';
import type { Cluster } from '../../kube/cluster.ts';
import { readKubeSystemUid } from '../../kube/cluster-identity.ts';
import { discover } from '../../kube/discovery.ts';
import { type ReviewedAction, reviewAccess, reviewToken } from '../../kube/review-access.ts';
import type { Clock } from '../../lib/clock.ts';
import { MINUTE, type MicrosLength, SECOND } from '../../lib/time.ts';
import { createAnswerCache, type Kept } from './answer-cache.ts';
import { asForeigner, digestIdentity, type Identity } from './identity.ts';
import { limitConcurrency } from './limit-concurrency.ts';

/** How long what an API server said is believed. */
export interface BelieveFor {
  readonly tokens: MicrosLength;
  readonly allowed: MicrosLength;
  readonly denied: MicrosLength;
}

/** What was asked of an API server so far, for the metrics. */
export interface ReviewCounts {
  readonly of: (kind: 'token' | 'access', result: 'yes' | 'no' | 'failed') => number;
}

/** An API server that is asked whose a token is and who may do what. */
export interface Reviewer {
  readonly name: string;
  /** Whether it is this one who knows the users. */
  readonly isHome: boolean;
  /** The cluster's uid, as the record knows it. Rejects with an ApiFailure when it cannot be had. */
  uid(): Promise<string>;
  /** Whose a token is; undefined: nobody's. Rejects with an ApiFailure. */
  askToken(digest: string, token: string): Promise<Identity | undefined>;
  /**
   * Whether a user may do something here. Rejects with an ApiFailure when that is not known.
   *
   * @param why questions for other ends are kept apart: how fast the one is answered tells nothing of the other
   */
  may(identity: Identity, action: ReviewedAction, why: 'sweep' | 'named'): Promise<Kept<boolean>>;
  /** The resource of a kind of the record (`kindOf`), as `[group, plural]`; undefined when the cluster serves none. */
  resourceOf(kind: string): Promise<readonly [group: string, plural: string] | undefined>;
  readonly counts: ReviewCounts;
}

export interface ReviewerOptions {
  readonly cluster: Cluster;
  /** Whether this cluster's API server is who knows the users. */
  readonly isHome: boolean;
  readonly audiences: readonly string[];
  readonly believeFor: BelieveFor;
  readonly clock: Clock;
}

/** A digest and a name each, and answers of a few bytes: some megabytes at most. */
const MOST_TOKENS = 4_096;
const MOST_ANSWERS = 50_000;
/** Reviews under way at a time. */
const AT_ONCE = 16;
const ANSWER_WITHIN = 5 * SECOND;
/** Another cluster may take the place of one. */
const UID_FOR = MINUTE;

export function createReviewer(options: ReviewerOptions): Reviewer {
  const { cluster, clock, believeFor, audiences } = options;
  const tokens = createAnswerCache<Identity | undefined>(clock, MOST_TOKENS, () => believeFor.tokens);
  const answers = createAnswerCache<boolean>(clock, MOST_ANSWERS, (isAllowed) =>
    isAllowed ? believeFor.allowed : believeFor.denied,
  );
  const uids = createAnswerCache<string>(clock, 1, () => UID_FOR);
  const limited = limitConcurrency(AT_ONCE);
  const counts = new Map<string, number>();
  const asking = { clock };

  async function count<T>(
    kind: 'token' | 'access',
    work: () => Promise<T>,
    isYes: (t: T) => boolean,
  ): Promise<T> {
    let result = 'failed';
    try {
      const value = await limited(work);
      result = isYes(value) ? 'yes' : 'no';
      return value;
    } finally {
      const key = `${kind} ${result}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }

  async function readUid(): Promise<string> {
    const impatience = new AbortController();
    const cancel = clock.after(ANSWER_WITHIN, () =>
      impatience.abort(new Error(`cluster "${cluster.name}" does not say who it is`)),
    );
    try {
      return (await readKubeSystemUid(cluster, clock, impatience.signal)) ?? cluster.fallbackUid;
    } finally {
      cancel();
    }
  }

  return {
    name: cluster.name,
    isHome: options.isHome,
    async uid() {
      return (await uids.ask('', readUid)).value;
    },
    async askToken(digest, token) {
      const review = async () => {
        const user = await count(
          'token',
          () => reviewToken(cluster, token, audiences, asking),
          (found) => found !== undefined,
        );
        return user && { ...user, by: 'token' as const };
      };
      return (await tokens.ask(digest, review)).value;
    },
    async may(identity, action, why) {
      const user = options.isHome ? identity : asForeigner(identity);
      if (user === undefined) return { value: false, until: clock.now() + believeFor.denied };
      const key = `${why} ${digestIdentity(user)} ${JSON.stringify(action)}`;
      return await answers.ask(key, () =>
        count(
          'access',
          () => reviewAccess(cluster, user, action, asking),
          (isAllowed) => isAllowed,
        ),
      );
    },
    async resourceOf(key) {
      const [group = '', kind = ''] = key.split('/');
      const builtin = BUILTIN_KINDS.find((one) => one.kind === kind && one.group === group);
      if (builtin !== undefined) return [group, builtin.plural];
      const served = await discover(cluster, { clock, signal: new AbortController().signal });
      const found = served.find((one) => one.kind === kind && one.group === group);
      return found && [group, found.plural];
    },
    counts: { of: (kind, result) => counts.get(`${kind} ${result}`) ?? 0 },
  };
}
