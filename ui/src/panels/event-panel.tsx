import { formatObject } from '../../../src/objects/object.ts';
import type { EventItem, StoriesAnswer } from '../api/answers.ts';
import { askEvent, askStoriesOf } from '../api/questions.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useCommandPlace } from '../share/command-place.ts';
import { harkCommand, inNamespace } from '../share/hark-command.ts';
import { FailureMessage } from '../shell/state-message.tsx';
import { walkSteps } from '../stories/walk-steps.ts';
import type { TimeZone } from '../time/time-zone.ts';
import type { ChangeView } from '../view/use-view.ts';
import { CommandLine } from './command-line.tsx';
import { EventDetails } from './event-details.tsx';
import { objectOfEvent } from './event-object.ts';
import { textOf } from './read-rises.ts';
import { StepContext } from './step-context.tsx';
import { StepHead } from './step-head.tsx';

interface EventPanelProps {
  readonly id: string;
  readonly change: ChangeView;
  readonly zone: TimeZone;
  readonly version: number;
}

/** One Event in full, with what caused it and what it caused where a story tells. */
export function EventPanel({ id, change, zone, version }: EventPanelProps) {
  const { data: item, failure, retry } = useAnswer<EventItem>(askEvent(id), version);
  const object = item && objectOfEvent(item);
  const stories = useAnswer<StoriesAnswer>(object && askStoriesOf(object), version);
  const place = useCommandPlace(object?.cluster ?? '');
  if (item === undefined || object === undefined)
    return failure === undefined ? (
      <p role="status">Reading…</p>
    ) : (
      <FailureMessage failure={failure} onRetry={retry} />
    );
  const found = stories.data?.items
    .flatMap((story) => walkSteps(story).map(({ step }) => ({ story, step })))
    .find(({ step }) => step.sources.includes(id));
  const choose = (step: string) =>
    found && change((now) => ({ ...now, choice: { kind: 'story', id: found.story.id, step } }));
  const type = textOf(item.event, 'type');
  return (
    <>
      {found === undefined ? (
        <div>
          <h2>{textOf(item.event, 'reason')}</h2>
          <p className="object">
            {formatObject(object)}
            {object.namespace !== '' && ` in ${object.namespace}`}
          </p>
          <span className={type === 'Warning' ? 'badge warning' : 'badge'}>{type}</span>
        </div>
      ) : (
        <>
          <StepHead step={found.step} zone={zone} />
          <StepContext story={found.story} step={found.step} zone={zone} onChoose={choose} />
        </>
      )}
      <EventDetails item={item} zone={zone} />
      <CommandLine
        command={harkCommand(
          ['events', '--for', `${object.kind.toLowerCase()}/${object.name}`, ...inNamespace(object)],
          place,
        )}
      />
      {found !== undefined && (
        <div className="actions">
          <button type="button" className="button" onClick={() => choose('')}>
            The whole story
          </button>
        </div>
      )}
    </>
  );
}
