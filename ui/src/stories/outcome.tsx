import type { OutcomeWord } from '../api/answers.ts';

const MARKS: Readonly<Record<OutcomeWord, string>> = {
  succeeded: '✓',
  failed: '✗',
  'in progress': '…',
  superseded: '↷',
  unknown: '·',
};

export function Outcome({ outcome }: { outcome: OutcomeWord }) {
  return (
    <span className="outcome" data-outcome={outcome} title={outcome}>
      <span aria-hidden="true">{MARKS[outcome]}</span>
      <span className="hidden">{outcome}</span>
    </span>
  );
}
