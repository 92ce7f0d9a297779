import { SECOND } from '../../../src/lib/time.ts';
import { formatObject } from '../../../src/objects/object.ts';
import type { FindingJson } from '../api/answers.ts';
import { formatMoment } from '../time/format-clock.ts';
import { formatLength } from '../time/format-length.ts';
import { readTime } from '../time/read-time.ts';
import type { TimeZone } from '../time/time-zone.ts';

interface FindingCardProps {
  readonly finding: FindingJson;
  readonly isChosen: boolean;
  readonly zone: TimeZone;
  readonly onChoose: () => void;
}

export function FindingCard({ finding, isChosen, zone, onChoose }: FindingCardProps) {
  const { object, says, state, lasted, severity, since } = finding;
  const length = formatLength(lasted * SECOND);
  return (
    <article className="finding" data-severity={severity} data-state={state} data-chosen={isChosen}>
      <button
        type="button"
        aria-pressed={isChosen}
        onClick={onChoose}
        title={`since ${formatMoment(readTime(since), zone)}`}
      >
        <span className="says">{says}</span>
        <span className="object">
          {formatObject(object)}
          {object.namespace !== '' && ` in ${object.namespace}`}
        </span>
        <span className="since">
          {state === 'now' ? `for ${length}` : `well again, was so for ${length}`}
        </span>
      </button>
    </article>
  );
}
