import { useCallback, useEffect, useState } from 'react';
import type { View } from './view.ts';
import { formatView, parseView } from './view-url.ts';

/** How a change of the view is kept: as a place to come back to, or in place of the one before (while something is dragged). */
export type Keep = 'push' | 'replace';

export type ChangeView = (change: (view: View) => View, keep?: Keep) => void;

/** The view that the URL asks for; a change of it is a change of the URL, and the browser's back button takes it back. */
export function useView(): readonly [View, ChangeView] {
  const [view, setView] = useState(() => parseView(window.location.search));
  useEffect(() => {
    const onBack = () => setView(parseView(window.location.search));
    window.addEventListener('popstate', onBack);
    return () => window.removeEventListener('popstate', onBack);
  }, []);
  const change = useCallback<ChangeView>((make, keep = 'push') => {
    const before = parseView(window.location.search);
    const next = make(before);
    const url = `${window.location.pathname}${formatView(next)}`;
    if (formatView(next) === formatView(before)) return;
    if (keep === 'push') window.history.pushState(null, '', url);
    else window.history.replaceState(null, '', url);
    setView(next);
  }, []);
  return [view, change];
}
