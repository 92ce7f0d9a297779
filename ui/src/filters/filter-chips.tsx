import { Icon } from '../shell/icons.tsx';
import type { ChangeView } from '../view/use-view.ts';
import { FILTERS, isFiltered, toggleFilter, type View } from '../view/view.ts';

/** Which filters are on, each with a way out. */
export function FilterChips({ view, change }: { view: View; change: ChangeView }) {
  if (!isFiltered(view)) return null;
  return (
    <div className="chips">
      {FILTERS.flatMap((name) =>
        view.filters[name].map((value) => (
          <button
            key={`${name} ${value}`}
            type="button"
            className="chip"
            aria-label={`Remove the filter ${name} ${value}`}
            onClick={() => change((now) => toggleFilter(now, name, value))}
          >
            {name}: {value}
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
