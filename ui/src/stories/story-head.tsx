import { formatObject } from '../../../src/objects/object.ts';
import type { StoryJson } from '../api/answers.ts';
import { readTime } from '../time/read-time.ts';
import { TimeText } from '../time/time-text.tsx';
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
        {object.namespace !== '' && ` in ${object.namespace}`} ·{' '}
        <TimeText at={readTime(story.from)} zone={zone} />
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
