import { useState } from 'react';
import type { EventItem } from '../api/answers.ts';
import { formatLength } from '../time/format-length.ts';
import { readTime } from '../time/read-time.ts';
import { TimeText } from '../time/time-text.tsx';
import type { TimeZone } from '../time/time-zone.ts';
import { flattenFields } from './flatten-fields.ts';
import { messagesOf, readRises } from './read-rises.ts';

/** Shown until someone asks for all. */
const FEW = 500;

/** The Event in full: what it said first and last, each time that it was seen, every field. */
export function EventDetails({ item, zone }: { item: EventItem; zone: TimeZone }) {
  const rises = readRises(item.points);
  const [showsAll, setShowsAll] = useState(false);
  const shown = showsAll ? rises : rises.slice(0, FEW);
  const { first, last } = messagesOf(item);
  return (
    <>
      <section>
        <h3>{last === '' ? 'Message' : 'First message'}</h3>
        <p className="message">{first}</p>
        {last !== '' && (
          <>
            <h3>Latest message</h3>
            <p className="message">{last}</p>
          </>
        )}
      </section>
      <section>
        <h3>
          Seen {rises.length.toLocaleString('en')} time{rises.length === 1 ? '' : 's'}
        </h3>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to */}
        <ol className="occurrences" tabIndex={0} aria-label="Each time">
          {shown.map(({ at, count, sincePrevious }) => (
            <li key={`${at} ${count}`}>
              <TimeText at={at} zone={zone} />
              <span className="object">
                {sincePrevious !== undefined &&
                  `+${sincePrevious === 0 ? '0s' : formatLength(sincePrevious)} `}
                ×{count.toLocaleString('en')}
              </span>
            </li>
          ))}
          {rises.length > shown.length && (
            <li>
              <button type="button" className="link" onClick={() => setShowsAll(true)}>
                Show all {rises.length.toLocaleString('en')}
              </button>
            </li>
          )}
        </ol>
      </section>
      {item.deletedAt !== undefined && (
        <p className="object">
          The cluster deleted it <TimeText at={readTime(item.deletedAt)} zone={zone} />; the record keeps it.
        </p>
      )}
      <details>
        <summary>Every field</summary>
        <table className="fields">
          <tbody>
            {flattenFields(item.event).map(([path, value]) => (
              <tr key={path}>
                <th scope="row">{path}</th>
                <td>{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}
