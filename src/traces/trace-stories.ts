import type { Micros } from '../lib/time.ts';
import type { Story } from '../stories/story.ts';
import type { Heard } from './heard.ts';
import { linkStories } from './link-stories.ts';
import { openResources } from './open-resources.ts';
import type { SpanLink, Trace } from './span.ts';
import { traceStory } from './trace-story.ts';

/** What stories alone do not tell. */
export interface Given {
  /** Until when the record goes: what goes on lasts until then. */
  readonly asOf: Micros;
  /** Where the Events and changes are that the stories tell. */
  readonly heard: Pick<Heard, 'findEvent' | 'findChange'>;
  /** What a cluster is called, by its uid. */
  readonly clusterNames?: ReadonlyMap<string, string>;
  /** All stories that are known, in the order they began: what links lead to. Default: those to be traced. */
  readonly all?: readonly Story[];
}

/** Stories as OpenTelemetry traces, one each, in the same order. */
export function traceStories(stories: readonly Story[], given: Given): Trace[] {
  return stories.map(openTracer(given, linkStories(given.all ?? stories)));
}

/**
 * Traces stories one by one.
 *
 * @param links from `linkStories`: where a story's root leads, by the story's id
 */
export function openTracer(
  given: Given,
  links: ReadonlyMap<string, readonly SpanLink[]>,
): (story: Story) => Trace {
  const resources = openResources(given.clusterNames ?? new Map());
  return (story) => traceStory(story, links.get(story.id) ?? [], resources, given);
}
