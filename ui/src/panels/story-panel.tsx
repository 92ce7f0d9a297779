import type { EventItem, StoryJson } from '../api/answers.ts';
import { askEvent, askStory } from '../api/questions.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useCommandPlace } from '../share/command-place.ts';
import { harkCommand, inNamespace } from '../share/hark-command.ts';
import { storyToMarkdown } from '../share/story-to-markdown.ts';
import { copyText } from '../shell/copy-text.ts';
import { FailureMessage } from '../shell/state-message.tsx';
import { StoryHead } from '../stories/story-head.tsx';
import { StoryTree } from '../stories/story-tree.tsx';
import { walkSteps } from '../stories/walk-steps.ts';
import type { TimeZone } from '../time/time-zone.ts';
import type { ChangeView } from '../view/use-view.ts';
import { CommandLine } from './command-line.tsx';
import { EventDetails } from './event-details.tsx';
import { StepContext } from './step-context.tsx';
import { StepHead } from './step-head.tsx';

interface StoryPanelProps {
  readonly id: string;
  readonly step: string;
  readonly change: ChangeView;
  readonly zone: TimeZone;
  readonly version: number;
}

/** A story as a tree with a waterfall; or one step of it in full. */
export function StoryPanel({ id, step, change, zone, version }: StoryPanelProps) {
  const { data: story, failure, retry } = useAnswer<StoryJson>(askStory(id), version);
  const place = useCommandPlace(story?.object.cluster ?? '');
  const placed = story && walkSteps(story).find((each) => each.step.id === step);
  const source = placed?.step.source === 'event' ? placed.step.sources[0] : undefined;
  if (story === undefined)
    return failure === undefined ? (
      <p role="status">Reading…</p>
    ) : (
      <FailureMessage failure={failure} onRetry={retry} />
    );
  const choose = (next: string) => change((now) => ({ ...now, choice: { kind: 'story', id, step: next } }));
  if (placed === undefined) {
    const { kind, name } = story.object;
    return (
      <>
        <StoryHead story={story} zone={zone} />
        <div className="actions">
          <button
            type="button"
            className="button"
            onClick={() => copyText(storyToMarkdown(story), 'Copied as Markdown')}
          >
            Copy as Markdown
          </button>
          <button
            type="button"
            className="button"
            onClick={() => change((now) => ({ ...now, page: 'stories', compare: [id] }))}
          >
            Compare with…
          </button>
        </div>
        <CommandLine
          command={harkCommand(
            ['story', `${kind.toLowerCase()}/${name}`, ...inNamespace(story.object)],
            place,
          )}
        />
        <StoryTree story={story} chosen="" zone={zone} onChoose={choose} />
      </>
    );
  }
  return (
    <>
      <StepHead step={placed.step} zone={zone} />
      <StepContext story={story} step={placed.step} zone={zone} onChoose={choose} />
      {source !== undefined && <SourceEvent key={source} id={source} zone={zone} version={version} />}
      {source === undefined && <p className="message">{placed.step.message}</p>}
      <div className="actions">
        <button type="button" className="button" onClick={() => choose('')}>
          The whole story
        </button>
      </div>
    </>
  );
}

/** The Event that a step is made of. */
function SourceEvent({ id, zone, version }: { id: string; zone: TimeZone; version: number }) {
  const { data, failure, retry } = useAnswer<EventItem>(askEvent(id), version);
  if (data !== undefined) return <EventDetails item={data} zone={zone} />;
  return failure === undefined ? (
    <p role="status">Reading…</p>
  ) : (
    <FailureMessage failure={failure} onRetry={retry} />
  );
}
