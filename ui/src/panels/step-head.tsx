import { SECOND } from '../../../src/lib/time.ts';
import { formatObject } from '../../../src/objects/object.ts';
import type { StepJson } from '../api/answers.ts';
import { formatLength } from '../time/format-length.ts';
import { readTime } from '../time/read-time.ts';
import { TimeText } from '../time/time-text.tsx';
import type { TimeZone } from '../time/time-zone.ts';

/** What a step says, and its numbers. */
export function StepHead({ step, zone }: { step: StepJson; zone: TimeZone }) {
  const { object, says, type, reason, at, lastAt, count, took, by, host, outcome, source } = step;
  return (
    <div>
      <h2>{says}</h2>
      <p className="object">
        {formatObject(object)}
        {object.namespace !== '' && ` in ${object.namespace}`}
      </p>
      <p className="badges">
        {source === 'event' ? (
          <span className={type === 'Warning' ? 'badge warning' : 'badge'}>
            {type} {reason}
          </span>
        ) : (
          <span className="badge">{source === 'change' ? `changed: ${reason}` : 'concluded'}</span>
        )}
        <span
          className={outcome === 'failed' ? 'badge bad' : outcome === 'succeeded' ? 'badge good' : 'badge'}
        >
          {outcome}
        </span>
      </p>
      <dl className="facts">
        <dt>{count > 1 ? 'first' : 'at'}</dt>
        <dd>
          <TimeText at={readTime(at)} zone={zone} />
        </dd>
        {count > 1 && (
          <>
            <dt>last</dt>
            <dd>
              <TimeText at={readTime(lastAt)} zone={zone} />
            </dd>
            <dt>happened</dt>
            <dd>
              {count.toLocaleString('en')} times over {formatLength(readTime(lastAt) - readTime(at))}
            </dd>
          </>
        )}
        {took !== null && (
          <>
            <dt>took</dt>
            <dd>{formatLength(took * SECOND)}</dd>
          </>
        )}
        {by !== '' && (
          <>
            <dt>said by</dt>
            <dd>
              {by} {host}
            </dd>
          </>
        )}
      </dl>
    </div>
  );
}
