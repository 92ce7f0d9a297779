import { useCallback } from 'react';
import type { WhyAnswer } from '../api/answers.ts';
import type { TimeZone } from '../time/time-zone.ts';
import { parseMoment } from '../view/moment.ts';
import type { ChangeView } from '../view/use-view.ts';
import type { Choice, View } from '../view/view.ts';
import { EventPanel } from './event-panel.tsx';
import { FindingPanel } from './finding-panel.tsx';
import { MomentPanel } from './moment-panel.tsx';
import { PanelFrame } from './panel-frame.tsx';
import { StoryPanel } from './story-panel.tsx';

interface PanelProps {
  readonly view: View;
  readonly change: ChangeView;
  readonly why: WhyAnswer | undefined;
  readonly zone: TimeZone;
  readonly version: number;
}

const LABELS: Readonly<Record<Choice['kind'], string>> = {
  event: 'Event',
  story: 'Story',
  finding: 'What’s wrong',
  moment: 'What happened here',
};

/** Tells of what was chosen. */
export function Panel(props: PanelProps) {
  const { view, change } = props;
  const { choice } = view;
  const close = useCallback(() => change((now) => ({ ...now, choice: undefined })), [change]);
  if (choice === undefined) return null;
  const label = choice.kind === 'story' && choice.step !== '' ? 'Step' : LABELS[choice.kind];
  return (
    <PanelFrame label={label} onClose={close}>
      <Content key={`${choice.kind} ${choice.id}`} {...props} choice={choice} />
    </PanelFrame>
  );
}

function Content({ choice, why, ...rest }: Omit<PanelProps, 'view'> & { choice: Choice }) {
  if (choice.kind === 'story') return <StoryPanel id={choice.id} step={choice.step} {...rest} />;
  if (choice.kind === 'event') return <EventPanel id={choice.id} {...rest} />;
  if (choice.kind === 'moment') {
    const moment = parseMoment(choice.id);
    return moment === undefined ? <p>This link is damaged.</p> : <MomentPanel moment={moment} {...rest} />;
  }
  const all = why === undefined ? [] : [...why.findings, ...why.healed];
  const finding = all.find(({ id }) => id === choice.id);
  if (finding !== undefined) return <FindingPanel finding={finding} {...rest} />;
  return (
    <p role="status">{why === undefined ? 'Looking…' : 'This is well again, or the filters leave it out.'}</p>
  );
}
