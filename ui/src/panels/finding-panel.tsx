import { SECOND } from '../../../src/lib/time.ts';
import { formatObject } from '../../../src/objects/object.ts';
import type { FindingJson } from '../api/answers.ts';
import { findingToMarkdown } from '../share/finding-to-markdown.ts';
import { copyText } from '../shell/copy-text.ts';
import { formatLength } from '../time/format-length.ts';
import { readTime } from '../time/read-time.ts';
import { TimeText } from '../time/time-text.tsx';
import type { TimeZone } from '../time/time-zone.ts';
import type { ChangeView } from '../view/use-view.ts';
import { CommandLine } from './command-line.tsx';

interface FindingPanelProps {
  readonly finding: FindingJson;
  readonly change: ChangeView;
  readonly zone: TimeZone;
}

/** One thing that is wrong: since when, the first error, what set it off, what to type next. */
export function FindingPanel({ finding, change, zone }: FindingPanelProps) {
  const { object, says, since, lasted, firstError, lastError, setOffBy, evidence, next, stories, affected } =
    finding;
  const [story] = stories;
  const from = readTime(since);
  const look = () =>
    change((now) => ({
      ...now,
      page: 'timeline',
      span: { kind: 'fixed', from: from - 30 * SECOND, to: readTime(finding.lastAt) + 30 * SECOND },
      filters: { ...now.filters, namespace: object.namespace === '' ? [] : [object.namespace] },
    }));
  return (
    <>
      <div>
        <h2>{says}</h2>
        <p className="object">
          {formatObject(object)}
          {object.namespace !== '' && ` in ${object.namespace}`}
        </p>
      </div>
      <dl className="facts">
        <dt>since</dt>
        <dd>
          <TimeText at={from} zone={zone} />, {finding.state === 'now' ? 'for' : 'was so for'}{' '}
          {formatLength(lasted * SECOND)}
        </dd>
        <dt>last said</dt>
        <dd>
          <TimeText at={readTime(finding.lastAt)} zone={zone} />
        </dd>
        {setOffBy !== null && (
          <>
            <dt>set off by</dt>
            <dd>
              {setOffBy.by === '' ? '' : `${setOffBy.by} `}
              {setOffBy.says}, <TimeText at={readTime(setOffBy.at)} zone={zone} />
            </dd>
          </>
        )}
      </dl>
      <section>
        <h3>Next</h3>
        <CommandLine command={next} />
      </section>
      <section>
        <h3>First error</h3>
        <p className="message">{firstError}</p>
        {lastError !== '' && (
          <>
            <h3>Latest error</h3>
            <p className="message">{lastError}</p>
          </>
        )}
      </section>
      {evidence.length > 0 && (
        <section>
          <h3>Evidence</h3>
          <ul className="evidence">
            {evidence.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </section>
      )}
      {affected.length > 1 && (
        <section>
          <h3>Keeps from working</h3>
          <ul className="evidence">
            {affected.slice(0, 12).map((each) => (
              <li key={`${each.namespace}/${each.kind}/${each.name}`}>{formatObject(each)}</li>
            ))}
            {affected.length > 12 && <li>and {affected.length - 12} more</li>}
          </ul>
        </section>
      )}
      <div className="actions">
        <button type="button" className="button" onClick={look}>
          Show in the timeline
        </button>
        {story !== undefined && (
          <button
            type="button"
            className="button"
            onClick={() => change((now) => ({ ...now, choice: { kind: 'story', id: story, step: '' } }))}
          >
            The whole story
          </button>
        )}
        <button
          type="button"
          className="button"
          onClick={() => copyText(findingToMarkdown(finding), 'Copied as Markdown')}
        >
          Copy as Markdown
        </button>
      </div>
    </>
  );
}
