import { useState } from 'react';
import { formatObject } from '../../../src/objects/object.ts';
import type { StoriesAnswer, StoryJson } from '../api/answers.ts';
import { askStories } from '../api/questions.ts';
import { useAnswer } from '../api/use-answer.ts';
import { FailureMessage, StateMessage } from '../shell/state-message.tsx';
import { readTime } from '../time/read-time.ts';
import { TimeText } from '../time/time-text.tsx';
import type { TimeWindow } from '../time/time-window.ts';
import type { TimeZone } from '../time/time-zone.ts';
import type { ChangeView } from '../view/use-view.ts';
import type { View } from '../view/view.ts';
import { CompareStories } from './compare-stories.tsx';
import { Outcome } from './outcome.tsx';

interface StoriesPageProps {
  readonly view: View;
  readonly change: ChangeView;
  readonly zone: TimeZone;
  readonly version: number;
  readonly window: TimeWindow | undefined;
}

const PAGE = 50;
const MOST = 1_000;

/** What happened, the latest first: each a rollout, an incident, a run. */
export function StoriesPage({ view, change, zone, version, window }: StoriesPageProps) {
  const [limit, setLimit] = useState(PAGE);
  const answer = useAnswer<StoriesAnswer>(askStories(view, window, limit), version);
  const { data, failure } = answer;
  if (view.compare.length === 2)
    return <CompareStories view={view} change={change} zone={zone} version={version} />;
  if (data === undefined)
    return failure === undefined ? (
      <div className="state" role="status">
        <p>Reading…</p>
      </div>
    ) : (
      <FailureMessage failure={failure} onRetry={answer.retry} />
    );
  if (data.items.length === 0)
    return (
      <StateMessage icon="quiet" title="No stories here">
        <p>Nothing was told of this cluster, namespace and time.</p>
      </StateMessage>
    );
  return (
    <div className="stories">
      {view.compare.length === 1 && (
        <p className="all-well" role="status">
          Choose the story to compare with.
          <button type="button" className="link" onClick={() => change((now) => ({ ...now, compare: [] }))}>
            Never mind
          </button>
        </p>
      )}
      {data.items.toReversed().map((story) => (
        <StoryItem
          key={story.id}
          story={story}
          isChosen={view.choice?.kind === 'story' && view.choice.id === story.id}
          zone={zone}
          onChoose={() => change((now) => chooseStory(now, story.id))}
        />
      ))}
      {data.next !== null && limit < MOST && (
        <button type="button" className="button" onClick={() => setLimit(Math.min(MOST, limit * 4))}>
          Earlier ones
        </button>
      )}
    </div>
  );
}

function chooseStory(view: View, id: string): View {
  const [first] = view.compare;
  if (first !== undefined && first !== id) return { ...view, compare: [first, id], choice: undefined };
  return { ...view, choice: { kind: 'story', id, step: '' } };
}

function StoryItem(props: { story: StoryJson; isChosen: boolean; zone: TimeZone; onChoose: () => void }) {
  const { story, isChosen, zone, onChoose } = props;
  const { object, title, outcome, summary } = story;
  return (
    <button type="button" className="story-item" aria-current={isChosen} onClick={onChoose}>
      <Outcome outcome={outcome} />
      <span className="what">
        <strong>{formatObject(object)}</strong>
        {object.namespace !== '' && ` in ${object.namespace}`} · {title}
      </span>
      <span className="when">
        <TimeText at={readTime(story.from)} zone={zone} form="second" />
      </span>
      {summary !== '' && <span className="sum">{summary}</span>}
    </button>
  );
}
