import { StateMessage } from '../shell/state-message.tsx';
import type { ChangeView } from '../view/use-view.ts';
import { FIRST_VIEW, isFiltered, type View } from '../view/view.ts';

/** In place of a timeline without rows: why, and what to do about it. */
export function NothingThere({ view, change }: { view: View; change: ChangeView }) {
  if (isFiltered(view))
    return (
      <StateMessage icon="filter" title="Nothing matches">
        <p>No Event of the record fits these filters and words.</p>
        <button
          type="button"
          className="button primary"
          onClick={() => change((now) => ({ ...now, filters: FIRST_VIEW.filters, text: '' }))}
        >
          Show everything
        </button>
      </StateMessage>
    );
  return (
    <StateMessage icon="quiet" title="Nothing was heard yet">
      <p>Events show here as soon as the cluster tells of something. To look at what you have already:</p>
      <code>hark serve --from must-gather.tar.gz</code>
    </StateMessage>
  );
}
