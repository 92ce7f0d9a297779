import type { StoryJson } from '../api/answers.ts';
import { askStory } from '../api/questions.ts';
import { useAnswer } from '../api/use-answer.ts';
import { FailureMessage } from '../shell/state-message.tsx';
import type { TimeZone } from '../time/time-zone.ts';
import type { ChangeView } from '../view/use-view.ts';
import type { View } from '../view/view.ts';
import { StoryHead } from './story-head.tsx';
import { StoryTree } from './story-tree.tsx';

interface CompareProps {
  readonly view: View;
  readonly change: ChangeView;
  readonly zone: TimeZone;
  readonly version: number;
}

/** Two stories beside each other, each from its own beginning: what was different this time? */
export function CompareStories({ view, change, zone, version }: CompareProps) {
  const [left = '', right = ''] = view.compare;
  return (
    <div className="stories">
      <div>
        <button type="button" className="button" onClick={() => change((now) => ({ ...now, compare: [] }))}>
          Back to all stories
        </button>
      </div>
      <div className="compare">
        <Column id={left} change={change} zone={zone} version={version} />
        <Column id={right} change={change} zone={zone} version={version} />
      </div>
    </div>
  );
}

function Column({ id, change, zone, version }: Omit<CompareProps, 'view'> & { id: string }) {
  const { data, failure, retry } = useAnswer<StoryJson>(askStory(id), version);
  if (failure !== undefined && data === undefined)
    return <FailureMessage failure={failure} onRetry={retry} />;
  if (data === undefined) return <p role="status">Reading…</p>;
  return (
    <section>
      <StoryHead story={data} zone={zone} />
      <StoryTree
        story={data}
        chosen=""
        zone={zone}
        onChoose={(step) => change((now) => ({ ...now, choice: { kind: 'story', id, step } }))}
      />
    </section>
  );
}
