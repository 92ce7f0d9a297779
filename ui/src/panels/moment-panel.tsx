import { formatObject } from '../../../src/objects/object.ts';
import type { EventItem, EventsAnswer } from '../api/answers.ts';
import { askMoment } from '../api/questions.ts';
import { useAnswer } from '../api/use-answer.ts';
import { FailureMessage } from '../shell/state-message.tsx';
import { formatLength } from '../time/format-length.ts';
import { TimeText } from '../time/time-text.tsx';
import type { TimeZone } from '../time/time-zone.ts';
import type { Moment } from '../view/moment.ts';
import type { ChangeView } from '../view/use-view.ts';
import { EventPanel } from './event-panel.tsx';
import { messagesOf, textOf } from './read-rises.ts';

interface MomentPanelProps {
  readonly moment: Moment;
  readonly change: ChangeView;
  readonly zone: TimeZone;
  readonly version: number;
}

/** What an object's Events tell of a stretch of time: when it is one, that one in full. */
export function MomentPanel({ moment, change, zone, version }: MomentPanelProps) {
  const { data, failure, retry } = useAnswer<EventsAnswer>(askMoment(moment), version);
  if (data === undefined)
    return failure === undefined ? (
      <p role="status">Reading…</p>
    ) : (
      <FailureMessage failure={failure} onRetry={retry} />
    );
  const [only, second] = data.items;
  if (only !== undefined && second === undefined)
    return <EventPanel id={only.id} change={change} zone={zone} version={version} />;
  const { from, to } = moment;
  return (
    <>
      <div>
        <h2>{formatObject(moment)}</h2>
        <p className="object">
          <TimeText at={from} zone={zone} />, within {formatLength(to - from)}
        </p>
      </div>
      {data.items.length === 0 && (
        <p>What happened here is told by other objects: look at the rows below this one.</p>
      )}
      <section>
        {data.items.map((item) => (
          <EventLink
            key={item.id}
            item={item}
            onChoose={() => change((now) => ({ ...now, choice: { kind: 'event', id: item.id } }))}
          />
        ))}
      </section>
    </>
  );
}

function EventLink({ item, onChoose }: { item: EventItem; onChoose: () => void }) {
  const type = textOf(item.event, 'type');
  return (
    <button type="button" className="step-link" onClick={onChoose}>
      <span className={type === 'Warning' ? 'badge warning' : 'badge'}>{textOf(item.event, 'reason')}</span>{' '}
      {messagesOf(item).first}
      {item.points.length > 1 && <small>seen {item.points.length} times</small>}
    </button>
  );
}
