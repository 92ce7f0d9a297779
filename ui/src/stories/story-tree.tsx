import { type MicrosLength, SECOND } from '../../../src/lib/time.ts';
import type { StepJson, StoryJson } from '../api/answers.ts';
import { toneOf } from '../api/read-timeline.ts';
import { formatLength } from '../time/format-length.ts';
import { readTime } from '../time/read-time.ts';
import { TimeText } from '../time/time-text.tsx';
import type { TimeWindow } from '../time/time-window.ts';
import type { TimeZone } from '../time/time-zone.ts';
import { Outcome } from './outcome.tsx';
import { stepSpan } from './step-span.ts';
import { walkSteps } from './walk-steps.ts';

interface StoryTreeProps {
  readonly story: StoryJson;
  readonly chosen: string;
  readonly zone: TimeZone;
  readonly onChoose: (step: string) => void;
  /** How long the waterfall is; as long as the story when not given. */
  readonly length?: MicrosLength;
}

/** From when to when a story is drawn. */
export function storySpan(story: StoryJson): TimeWindow {
  const from = readTime(story.root?.at ?? story.from);
  return { from, to: Math.max(from + 1, readTime(story.lastAt), readTime(story.endsAt)) };
}

/** A story as it is told: what caused what, and beside it a waterfall of when and how long. */
export function StoryTree({ story, chosen, zone, onChoose, length }: StoryTreeProps) {
  const steps = walkSteps(story).filter(({ step }) => !step.echo);
  const { from, to } = storySpan(story);
  return (
    <ol className="tree">
      {steps.map(({ step, depth }) => (
        <li key={step.id}>
          <button
            type="button"
            className="tree-step"
            aria-current={step.id === chosen}
            onClick={() => onChoose(step.id)}
          >
            <span style={{ paddingLeft: Math.min(depth, 8) * 12 }}>
              <span className={step.outcome === 'failed' ? 'says bad' : 'says'}>
                {step.outcome === 'failed' && <Outcome outcome="failed" />} {step.says}
              </span>
              <small>
                {depth === 0 ? (
                  <TimeText at={readTime(step.at)} zone={zone} form="time" />
                ) : (
                  `+${formatLength(readTime(step.at) - from)}`
                )}
                {sayMore(step)}
              </small>
            </span>
            <span className="waterfall">
              <i
                data-tone={toneOf(step.outcome, step.severity)}
                style={place(step, { from, to }, length ?? to - from)}
              />
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}

/** How often, how long, who said so: after the time. */
function sayMore(step: StepJson): string {
  const parts: string[] = [];
  if (step.count > 1) {
    const over = readTime(step.lastAt) - readTime(step.at);
    parts.push(`×${step.count.toLocaleString('en')}${over < SECOND ? '' : ` over ${formatLength(over)}`}`);
  } else if (step.took !== null) parts.push(`took ${formatLength(step.took * SECOND)}`);
  if (step.by !== '') parts.push(step.host === '' ? step.by : `${step.by} ${step.host}`);
  return parts.map((part) => ` · ${part}`).join('');
}

function place(
  step: StepJson,
  { from, to }: TimeWindow,
  length: MicrosLength,
): { left: string; width: string } {
  const span = stepSpan(step, to);
  const share = (at: number) => Math.max(0, Math.min(1, (at - from) / length));
  const left = share(span.from);
  return { left: `min(${left * 100}%, 100% - 3px)`, width: `${(share(span.to) - left) * 100}%` };
}
