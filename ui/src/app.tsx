import { useCallback, useEffect, useState } from 'react';
import type { ClustersAnswer, FacetsAnswer, WhyAnswer } from './api/answers.ts';
import { askFacets, askWhy } from './api/questions.ts';
import { readToken } from './api/token.ts';
import { useAnswer } from './api/use-answer.ts';
import { useHeld } from './api/use-held.ts';
import { useLive } from './api/use-live.ts';
import { EventsPage } from './events/events-page.tsx';
import { FacetPanel } from './filters/facet-panel.tsx';
import { FilterChips } from './filters/filter-chips.tsx';
import { Panel } from './panels/panel.tsx';
import { CommandClusters } from './share/command-place.ts';
import { HelpDialog } from './shell/help-dialog.tsx';
import { ListenNote, ReadingNote } from './shell/listen-note.tsx';
import { LiveBadge } from './shell/live-badge.tsx';
import { isTyping } from './shell/search-box.tsx';
import { Toast } from './shell/toast.tsx';
import { TokenForm } from './shell/token-form.tsx';
import { TopBar } from './shell/top-bar.tsx';
import { StoriesPage } from './stories/stories-page.tsx';
import { TellTimes } from './time/tell-times.tsx';
import { sameWindow, type TimeWindow } from './time/time-window.ts';
import { LOCAL, UTC } from './time/time-zone.ts';
import { TimelinePage } from './timeline/timeline-page.tsx';
import { useTheme } from './view/use-theme.ts';
import { useView } from './view/use-view.ts';
import { WhyPanel } from './why/why-panel.tsx';

/** The page: what is wrong on the left, what happened in the middle, what was chosen on the right. */
export function App({ onToken }: { onToken: () => void }) {
  const [view, change] = useView();
  const { theme, choose: chooseTheme } = useTheme();
  const live = useLive();
  const [isHeld, setHeld] = useState(false);
  const [isHelping, setHelping] = useState(false);
  const [showsFilters, setShowsFilters] = useState(false);
  const [seen, setSeen] = useState<TimeWindow>();
  // What is pointed at does not move: what is new waits, and is counted.
  const version = useHeld(live.version, isHeld);
  const heard = useHeld(live.heard, isHeld);
  const zone = view.zone === 'utc' ? UTC : LOCAL;
  const clusters = useAnswer<ClustersAnswer>('v1/clusters', version);
  const why = useAnswer<WhyAnswer>(askWhy(view), version);
  const facets = useAnswer<FacetsAnswer>(askFacets(view), version);
  const onWindow = useCallback(
    (window: TimeWindow | undefined) =>
      setSeen((before) => (before && window && sameWindow(before, window) ? before : window)),
    [],
  );

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === '?' && !isTyping(event.target)) setHelping(true);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  useEffect(() => {
    const count = (why.data?.findings.length ?? 0) + (why.data?.more.findings ?? 0);
    document.title = count === 0 ? 'Hark' : `(${count}) Hark`;
  }, [why.data]);

  const refused = clusters.failure;
  if (refused?.status === 401 || refused?.status === 403)
    return (
      <main className="main">
        <h1 className="hidden">Hark</h1>
        <TokenForm onToken={onToken} says={describeRefusal(refused.status, refused.message)} />
      </main>
    );
  const window_ = view.span.kind === 'all' ? undefined : view.span.kind === 'fixed' ? view.span : seen;
  const shared = { view, change, zone, version };
  return (
    <CommandClusters value={clusters.data}>
      <TellTimes by={view.times} clusters={clusters.data}>
        <div className="app">
          <TopBar
            view={view}
            change={change}
            clusters={clusters.data}
            window={window_}
            theme={theme}
            onTheme={chooseTheme}
            onHelp={() => setHelping(true)}
            onFilters={() => setShowsFilters(!showsFilters)}
            live={
              <LiveBadge
                state={live.state}
                waiting={live.heard - heard}
                isListening={clusters.data?.clusters.some(({ listening }) => listening !== 'no') ?? true}
              />
            }
          />
          <div className="notes">
            {live.state === 'lost' && (
              <div className="note bad" role="alert">
                Hark does not answer. What you see is from before; the page goes on by itself as soon as it is
                back.
              </div>
            )}
            {live.state !== 'lost' && <ListenNote clusters={clusters.data} />}
            {live.state !== 'lost' && <ReadingNote clusters={clusters.data} />}
          </div>
          <aside className="side" aria-label="What is wrong, and filters">
            <WhyPanel why={why} view={view} change={change} zone={zone} />
            <FacetPanel facets={facets.data} view={view} change={change} isOpen={showsFilters} />
          </aside>
          <main className="main">
            <h1 className="hidden">What happened in the cluster</h1>
            {view.page === 'timeline' && (
              <TimelinePage
                {...shared}
                theme={theme}
                isHeld={isHeld}
                onHold={setHeld}
                onWindow={onWindow}
                chips={<FilterChips view={view} change={change} clusters={clusters.data} />}
              />
            )}
            {view.page !== 'timeline' && <FilterChips view={view} change={change} clusters={clusters.data} />}
            {view.page === 'stories' && <StoriesPage {...shared} window={window_} />}
            {view.page === 'events' && (
              <EventsPage {...shared} window={window_} isHeld={isHeld} onHold={setHeld} />
            )}
          </main>
          <Panel {...shared} why={why.data} />
          {isHelping && <HelpDialog onClose={() => setHelping(false)} />}
          <Toast />
        </div>
      </TellTimes>
    </CommandClusters>
  );
}

/** What there is to say to who was not let in; undefined when they have not tried yet. */
function describeRefusal(status: number, message: string): string | undefined {
  if (status === 403) return `${message}.`;
  return readToken() === '' ? undefined : 'That token is not known here, or has expired.';
}
