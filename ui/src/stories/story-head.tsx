import { formatObject } from '../../../src/objects/object.ts';
import type { StoryJson } from '../api/answers.ts';
import { formatMoment } from '../time/format-clock.ts';
import { readTime } from '../time/read-time.ts';
import type { TimeZone } from '../time/time-zone.ts';
import { Outcome } from './outcome.tsx';

export function StoryHead({ story, zone }: { story: StoryJson; zone: TimeZone }) {
  const { object, title, outcome, summary, notes } = story;
  return (
    <div>
      <h2>
        <Outcome outcome={outcome} /> {title}
      </h2>
      <p className="object">
        {formatObject(object)}
        {object.namespace !== '' && ` in ${object.namespace}`} · {formatMoment(readTime(story.from), zone)}
      </p>
      {summary !== '' && <p>{summary}</p>}
      {notes.map((note) => (
        <p key={note} className="object">
          {note}
        </p>
      ))}
    </div>
  );
}
