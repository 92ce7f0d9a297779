import { useState } from 'react';
import type { FacetValue } from './facet-panel.tsx';

interface FacetProps {
  readonly title: string;
  readonly values: readonly FacetValue[];
  readonly chosen: readonly string[];
  readonly isOpenAtFirst: boolean;
  readonly onToggle: (value: string) => void;
}

/** Shown until someone asks for the rest. */
const FEW = 8;

export function Facet({ title, values, chosen, isOpenAtFirst, onToggle }: FacetProps) {
  const [showsAll, setShowsAll] = useState(false);
  // What was chosen stays in sight, also when nothing is left of it.
  const gone = chosen
    .filter((value) => !values.some((each) => each.value === value))
    .map((value) => ({ value, text: value, count: 0, warnings: 0 }));
  const all = [...gone, ...values];
  const shown = showsAll ? all : all.filter(({ value }, index) => index < FEW || chosen.includes(value));
  return (
    <details className="facet" open={isOpenAtFirst || chosen.length > 0}>
      <summary>{title}</summary>
      <ul>
        {shown.map(({ value, text, count, warnings }) => (
          <li key={value}>
            <label>
              <input
                type="checkbox"
                checked={chosen.includes(value)}
                disabled={value === ''}
                onChange={() => onToggle(value)}
              />
              <span className="name" title={text}>
                {text === '' ? 'none' : text}
              </span>
              {warnings > 0 && warnings < count && (
                <span className="badge warning" title="warnings">
                  {warnings.toLocaleString('en')}
                </span>
              )}
              <span className={warnings > 0 && warnings === count ? 'badge warning' : 'count'}>
                {count.toLocaleString('en')}
              </span>
            </label>
          </li>
        ))}
      </ul>
      {all.length > shown.length && (
        <button type="button" className="link" onClick={() => setShowsAll(true)}>
          {all.length - shown.length} more
        </button>
      )}
    </details>
  );
}
