import type { WhyAnswer } from '../api/answers.ts';
import type { Answer } from '../api/use-answer.ts';
import { Icon } from '../shell/icons.tsx';
import type { TimeZone } from '../time/time-zone.ts';
import type { ChangeView } from '../view/use-view.ts';
import type { View } from '../view/view.ts';
import { FindingCard } from './finding-card.tsx';

interface WhyPanelProps {
  readonly why: Answer<WhyAnswer>;
  readonly view: View;
  readonly change: ChangeView;
  readonly zone: TimeZone;
}

/** What is wrong now, the gravest first: what a team looks at before anything else. */
export function WhyPanel({ why, view, change, zone }: WhyPanelProps) {
  const { data, failure } = why;
  const choose = (id: string) => {
    const isChosen = view.choice?.kind === 'finding' && view.choice.id === id;
    change((now) => ({ ...now, choice: isChosen ? undefined : { kind: 'finding', id } }));
  };
  const findings = data?.findings ?? [];
  const more = data?.more.findings ?? 0;
  return (
    <section aria-label="What is wrong">
      <div className="why-head">
        <h2>What’s wrong</h2>
        {findings.length > 0 && (
          <span className="badge bad">{(findings.length + more).toLocaleString('en')}</span>
        )}
      </div>
      {data === undefined && failure === undefined && <p role="status">Looking…</p>}
      {data === undefined && failure !== undefined && <p role="alert">{failure.message}</p>}
      {data !== undefined && findings.length === 0 && (
        <div className="all-well">
          <Icon name="check" />
          <span>Nothing, as far as the record tells.</span>
        </div>
      )}
      <ul className="why-list">
        {[...findings, ...(data?.healed ?? [])].map((finding) => (
          <li key={`${finding.id} ${finding.state} ${finding.since}`}>
            <FindingCard
              finding={finding}
              isChosen={view.choice?.kind === 'finding' && view.choice.id === finding.id}
              zone={zone}
              onChoose={() => choose(finding.id)}
            />
          </li>
        ))}
      </ul>
      {more > 0 && (
        <p className="why-more">
          and {more.toLocaleString('en')} more that {more === 1 ? 'is' : 'are'} wrong: choose a namespace to
          see {more === 1 ? 'it' : 'them'}
        </p>
      )}
    </section>
  );
}
