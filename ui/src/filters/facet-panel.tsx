import type { FacetsAnswer } from '../api/answers.ts';
import type { ChangeView } from '../view/use-view.ts';
import { FILTERS, type FilterName, isFiltered, NO_FILTERS, toggleFilter, type View } from '../view/view.ts';
import { Facet } from './facet.tsx';

const TITLES: Readonly<Record<FilterName, string>> = {
  cluster: 'Cluster',
  namespace: 'Namespace',
  kind: 'Kind',
  type: 'Type',
  reason: 'Reason',
};

interface FacetPanelProps {
  readonly facets: FacetsAnswer | undefined;
  readonly view: View;
  readonly change: ChangeView;
  readonly isOpen: boolean;
}

/** What to narrow down by, with how much there is of it. */
export function FacetPanel({ facets, view, change, isOpen }: FacetPanelProps) {
  return (
    <section className="facets" aria-label="Filters" data-open={isOpen}>
      <div className="facets-head">
        <h2>Narrow down</h2>
        {isFiltered(view) && (
          <button
            type="button"
            className="link"
            onClick={() => change((now) => ({ ...now, filters: NO_FILTERS, text: '' }))}
          >
            Clear all
          </button>
        )}
      </div>
      {FILTERS.map((name) => {
        const values = facets === undefined ? [] : valuesOf(facets, name);
        if (name === 'cluster' && values.length < 2 && view.filters.cluster.length === 0) return null;
        return (
          <Facet
            key={name}
            title={TITLES[name]}
            values={values}
            chosen={view.filters[name]}
            isOpenAtFirst={name !== 'reason' && name !== 'kind'}
            onToggle={(value) => change((now) => toggleFilter(now, name, value))}
          />
        );
      })}
    </section>
  );
}

export interface FacetValue {
  readonly value: string;
  readonly text: string;
  readonly count: number;
  readonly warnings: number;
}

function valuesOf(facets: FacetsAnswer, name: FilterName): FacetValue[] {
  const counted = {
    cluster: facets.clusters,
    namespace: facets.namespaces,
    kind: facets.kinds,
    type: facets.types,
    reason: facets.reasons,
  }[name];
  return counted.map((one) => ({
    value: one.value,
    text: 'name' in one && typeof one.name === 'string' && one.name !== '' ? one.name : one.value,
    count: one.count,
    warnings: one.warnings,
  }));
}
