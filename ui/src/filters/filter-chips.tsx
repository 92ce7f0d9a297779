import type { ClustersAnswer } from '../api/answers.ts';
import { Icon } from '../shell/icons.tsx';
import type { ChangeView } from '../view/use-view.ts';
import { FILTERS, type FilterName, isFiltered, toggleFilter, type View } from '../view/view.ts';

/** Which filters are on, each with a way out. */
export function FilterChips(props: { view: View; change: ChangeView; clusters: ClustersAnswer | undefined }) {
  const { view, change, clusters } = props;
  if (!isFiltered(view)) return null;
  /** A cluster is chosen by its uid, and known by its name. */
  const say = (name: FilterName, value: string) =>
    (name === 'cluster' && clusters?.clusters.find(({ uid }) => uid === value)?.name) || value;
  return (
    <div className="chips">
      {FILTERS.flatMap((name) =>
        view.filters[name].map((value) => (
          <button
            key={`${name} ${value}`}
            type="button"
            className="chip"
            aria-label={`Remove the filter ${name} ${say(name, value)}`}
            onClick={() => change((now) => toggleFilter(now, name, value))}
          >
            {name}: {say(name, value)}
            <Icon name="close" />
          </button>
        )),
      )}
      {view.text !== '' && (
        <button
          type="button"
          className="chip"
          aria-label={`Remove the filter text ${view.text}`}
          onClick={() => change((now) => ({ ...now, text: '' }))}
        >
          “{view.text}”
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}
