import type { Static } from 'typebox';
import type * as answers from '../../../src/server/schemas/answers.ts';
import type { ObjectJson, StepJson, StoryJson } from '../../../src/stories/render/to-json.ts';
import type { FindingJson, whyToJson } from '../../../src/stories/render/why-to-json.ts';

/** What the server answers, by its own schemas. */
export type TimelineAnswer = Static<typeof answers.timeline>;
export type FacetsAnswer = Static<typeof answers.facets>;
export type ClustersAnswer = Static<typeof answers.clusterList>;
export type EventsAnswer = Static<typeof answers.eventPage>;
export type EventItem = EventsAnswer['items'][number];

export type { Outcome as OutcomeWord } from '../../../src/stories/story.ts';
export type { FindingJson, ObjectJson, StepJson, StoryJson };

export interface StoriesAnswer {
  readonly items: readonly StoryJson[];
  readonly next: string | null;
}

export type WhyAnswer = ReturnType<typeof whyToJson> & Pick<Static<typeof answers.diagnosis>, 'more'>;
