import type { RecordedEvent } from '../src/events/event.ts';
import type { Micros } from '../src/lib/time.ts';
import { openStories } from '../src/stories/open-stories.ts';
import type { Story } from '../src/stories/story.ts';
import { type Heard, openHeard } from '../src/traces/heard.ts';
import { type RecordedObjects, readObjects } from './read-objects.ts';
import { readScenario } from './read-record.ts';

/** What was recorded, in an order. */
export interface Recorded extends RecordedObjects {
  readonly events: readonly RecordedEvent[];
}

export interface Told {
  readonly stories: readonly Story[];
  readonly heard: Heard;
  readonly asOf: Micros;
}

/** All of a scenario: its Events and, when wanted, what was seen of objects. */
export function readRecorded(scenario: string, withObjects: boolean): Recorded {
  const seen = withObjects ? readObjects(`${scenario}/objects.jsonl`) : { objects: [], changes: [] };
  return { events: readScenario(scenario), ...seen };
}

/** Tells what was recorded, added in the order given. */
export function tellRecorded({ events, objects, changes }: Recorded): Told {
  const stories = openStories();
  const heard = openHeard();
  for (const record of events) {
    stories.addEvent(record);
    heard.addEvent(record);
  }
  objects.forEach(stories.addObject);
  for (const change of changes) {
    stories.addChange(change);
    heard.addChange(change);
  }
  return { stories: stories.tell(), heard, asOf: stories.latest() };
}
