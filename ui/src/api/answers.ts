import type { Static } from 'typebox';
import type * as answers from '../../../src/server/schemas/answers.ts';

/** What the server answers, by its own schemas. */
export type TimelineAnswer = Static<typeof answers.timeline>;
export type FacetsAnswer = Static<typeof answers.facets>;
export type ClustersAnswer = Static<typeof answers.clusterList>;
export type EventsAnswer = Static<typeof answers.eventPage>;
export type EventItem = EventsAnswer['items'][number];

export interface ObjectJson {
  readonly cluster: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** Fields as docs/stories.md describes them; times are RFC 3339, lengths seconds. */
export interface StepJson {
  readonly id: string;
  readonly source: 'event' | 'change' | 'inferred';
  readonly object: ObjectJson;
  readonly container: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly lastMessage: string;
  readonly says: string;
  readonly by: string;
  readonly host: string;
  readonly at: string;
  readonly lastAt: string;
  readonly count: number;
  readonly occurrences: readonly { readonly at: string; readonly count: number }[];
  readonly severity: 'info' | 'notice' | 'warning' | 'error';
  readonly echo: boolean;
  readonly outcome: OutcomeWord;
  readonly endsAt: string | null;
  readonly took: number | null;
  readonly sources: readonly string[];
  readonly steps: readonly StepJson[];
}

export type OutcomeWord = 'succeeded' | 'failed' | 'in progress' | 'superseded' | 'unknown';

export interface StoryJson {
  readonly id: string;
  readonly kind: string;
  readonly object: ObjectJson;
  readonly title: string;
  readonly outcome: OutcomeWord;
  readonly summary: string;
  readonly notes: readonly string[];
  readonly from: string;
  readonly lastAt: string;
  readonly endsAt: string | null;
  readonly root: StepJson | null;
  readonly steps: readonly StepJson[];
}

export interface StoriesAnswer {
  readonly items: readonly StoryJson[];
  readonly next: string | null;
}

export interface FindingJson {
  readonly id: string;
  readonly state: 'now' | 'healed';
  readonly failure: string;
  readonly object: ObjectJson;
  readonly severity: 'error' | 'warning';
  readonly says: string;
  readonly since: string;
  readonly lasted: number;
  readonly lastAt: string;
  readonly healedAt: string | null;
  readonly count: number;
  readonly firstError: string;
  readonly firstErrorAt: string;
  readonly lastError: string;
  readonly setOffBy: { readonly at: string; readonly by: string; readonly says: string } | null;
  readonly evidence: readonly string[];
  readonly affected: readonly ObjectJson[];
  readonly next: string;
  readonly stories: readonly string[];
}

export interface WhyAnswer {
  readonly asOf: string;
  readonly findings: readonly FindingJson[];
  readonly healed: readonly FindingJson[];
}
