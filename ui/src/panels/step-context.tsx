import type { StepJson, StoryJson } from '../api/answers.ts';
import { causedBy, walkSteps } from '../stories/walk-steps.ts';
import { readTime } from '../time/read-time.ts';
import { TimeText } from '../time/time-text.tsx';
import type { TimeZone } from '../time/time-zone.ts';

interface StepContextProps {
  readonly story: StoryJson;
  readonly step: StepJson;
  readonly zone: TimeZone;
  readonly onChoose: (step: string) => void;
}

const FEW = 6;

/** What caused a step, and what it set in motion. */
export function StepContext({ story, step, zone, onChoose }: StepContextProps) {
  const cause = walkSteps(story).find((placed) => placed.step.id === step.id)?.cause;
  const effects = causedBy(step, story);
  return (
    <>
      <section>
        <h3>Caused by</h3>
        {cause === undefined ? (
          <p className="object">Nothing that is known: the story begins here.</p>
        ) : (
          <StepLink step={cause} zone={zone} onChoose={onChoose} />
        )}
      </section>
      {effects.length > 0 && (
        <section>
          <h3>What it set in motion</h3>
          {effects.slice(0, FEW).map((each) => (
            <StepLink key={each.id} step={each} zone={zone} onChoose={onChoose} />
          ))}
          {effects.length > FEW && (
            <p className="object">and {effects.length - FEW} more: see the whole story</p>
          )}
        </section>
      )}
    </>
  );
}

function StepLink(props: { step: StepJson; zone: TimeZone; onChoose: (step: string) => void }) {
  const { step, zone, onChoose } = props;
  return (
    <button type="button" className="step-link" onClick={() => onChoose(step.id)}>
      {step.outcome === 'failed' ? '✗ ' : ''}
      {step.says}
      <small>
        <TimeText at={readTime(step.at)} zone={zone} form="time" />
        {step.by !== '' && ` · ${step.by}`}
        {step.count > 1 && ` · ×${step.count.toLocaleString('en')}`}
      </small>
    </button>
  );
}
