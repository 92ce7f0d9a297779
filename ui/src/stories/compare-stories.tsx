import type { MicrosLength } from '../../../src/lib/time.ts';
import type { StoryJson } from '../api/answers.ts';
import { askStory } from '../api/questions.ts';
import { type Answer, useAnswer } from '../api/use-answer.ts';
import { FailureMessage } from '../shell/state-message.tsx';
import { lengthOf } from '../time/time-window.ts';
import type { TimeZone } from '../time/time-zone.ts';
import type { ChangeView } from '../view/use-view.ts';
import type { View } from '../view/view.ts';
import { StoryHead } from './story-head.tsx';
import { StoryTree, storySpan } from './story-tree.tsx';

interface CompareProps {
  readonly view: View;
  readonly change: ChangeView;
  readonly zone: TimeZone;
  readonly version: number;
}

/** Two stories beside each other, each from its own beginning and to the same scale: what was different this time? */
export function CompareStories({ view, change, zone, version }: CompareProps) {
  const [left = '', right = ''] = view.compare;
  const answers = [
    useAnswer<StoryJson>(askStory(left), version),
    useAnswer<StoryJson>(askStory(right), version),
  ] as const;
  const lengths = answers.map(({ data }) => (data === undefined ? 0 : lengthOf(storySpan(data))));
  return (
    <div className="stories">
      <div>
        <button type="button" className="button" onClick={() => change((now) => ({ ...now, compare: [] }))}>
          Back to all stories
        </button>
      </div>
      <div className="compare">
        {answers.map((answer, index) => (
          <Column
            key={view.compare[index]}
            answer={answer}
            length={Math.max(1, ...lengths)}
            change={change}
            zone={zone}
          />
        ))}
      </div>
    </div>
  );
}

interface ColumnProps {
  readonly answer: Answer<StoryJson>;
  readonly length: MicrosLength;
  readonly change: ChangeView;
  readonly zone: TimeZone;
}

function Column({ answer, length, change, zone }: ColumnProps) {
  const { data, failure, retry } = answer;
  if (data === undefined)
    return failure === undefined ? (
      <p role="status">Reading…</p>
    ) : (
      <FailureMessage failure={failure} onRetry={retry} />
    );
  const { id } = data;
  return (
    <section>
      <StoryHead story={data} zone={zone} />
      <StoryTree
        story={data}
        chosen=""
        zone={zone}
        length={length}
        onChoose={(step) => change((now) => ({ ...now, choice: { kind: 'story', id, step } }))}
      />
    </section>
  );
}
