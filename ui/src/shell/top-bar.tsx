import type { ReactNode } from 'react';
import type { ClustersAnswer } from '../api/answers.ts';
import { downloadPng } from '../share/download-png.ts';
import { placeOf } from '../share/hark-command.ts';
import { viewAsKubectl, viewCommand } from '../share/view-command.ts';
import type { TimeWindow } from '../time/time-window.ts';
import type { ThemeChoice } from '../view/use-theme.ts';
import type { ChangeView } from '../view/use-view.ts';
import { FIRST_VIEW, type Page, toggleTimes, type View } from '../view/view.ts';
import { Choices } from './choices.tsx';
import { copyText } from './copy-text.ts';
import { Icon } from './icons.tsx';
import { Menu } from './menu.tsx';
import { SearchBox } from './search-box.tsx';

const PAGES = [
  ['timeline', 'Timeline'],
  ['stories', 'Stories'],
  ['events', 'Events'],
] as const satisfies [Page, string][];

const ZONES = [
  ['utc', 'UTC'],
  ['local', 'Local'],
] as const;

interface TopBarProps {
  readonly view: View;
  readonly change: ChangeView;
  readonly clusters: ClustersAnswer | undefined;
  /** The time that is looked at. */
  readonly window: TimeWindow | undefined;
  readonly theme: 'light' | 'dark';
  readonly onTheme: (choice: ThemeChoice) => void;
  readonly onHelp: () => void;
  readonly onFilters: () => void;
  readonly live: ReactNode;
}

export function TopBar(props: TopBarProps) {
  const { view, change, clusters, window, theme, onTheme, onHelp, onFilters, live } = props;
  const other = theme === 'dark' ? 'light' : 'dark';
  const copyCommand = () => {
    const standsStill = clusters?.clusters.every(({ listening }) => listening === 'no') ?? false;
    const place = placeOf(document.baseURI, clusters?.clusters ?? [], view.filters.cluster);
    copyText(viewCommand(view, place, standsStill ? window : undefined), 'Command copied');
  };
  return (
    <header className="top">
      <a
        className="brand"
        href="./"
        onClick={(event) => {
          event.preventDefault();
          change((now) => ({ ...FIRST_VIEW, zone: now.zone, times: now.times }));
        }}
      >
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <rect className="tile" width="32" height="32" rx="8" />
          <path
            className="bars"
            d="M6 13h3.400v6H6zM11.600 9H15v14h-3.400zM17.200 5h3.400v22h-3.400zM22.800 11h3.400v10h-3.400z"
          />
        </svg>
        Hark
      </a>
      <span className="where">{sayClusters(clusters)}</span>
      <nav className="choices" aria-label="Views">
        {PAGES.map(([page, text]) => (
          <button
            key={page}
            type="button"
            aria-current={view.page === page ? 'page' : undefined}
            onClick={() => change((now) => ({ ...now, page, compare: [] }))}
          >
            {text}
          </button>
        ))}
      </nav>
      <span className="spring" />
      <button type="button" className="button icon only-small" aria-label="Filters" onClick={onFilters}>
        <Icon name="filter" />
      </button>
      <SearchBox text={view.text} onSearch={(text) => change((now) => ({ ...now, text }))} />
      {live}
      <span className="only-large">
        <Choices
          label="Clock"
          values={ZONES}
          value={view.zone}
          onChoose={(zone) => change((now) => ({ ...now, zone }))}
        />
        <button
          type="button"
          className="button toggle"
          aria-pressed={view.times === 'ago'}
          title="Tell times by how long ago they were"
          onClick={() => change(toggleTimes)}
        >
          Ago
        </button>
      </span>
      <button
        type="button"
        className="button icon only-large"
        aria-label={`Change to ${other}`}
        title={`Change to ${other}`}
        onClick={() => onTheme(other)}
      >
        <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
      </button>
      <Menu
        label="Share and more"
        icon="menu"
        items={[
          {
            text: 'Copy the link to this view',
            onChoose: () => copyText(document.location.href, 'Link copied'),
          },
          { text: 'Copy as a hark command', onChoose: copyCommand },
          {
            text: 'Copy as a kubectl command',
            onChoose: () => copyText(viewAsKubectl(view, contextOf(clusters, view)), 'Command copied'),
          },
          { text: 'Save the timeline as PNG', onChoose: downloadPng },
          {
            text: view.zone === 'utc' ? 'Times of this computer' : 'Times in UTC',
            onChoose: () => change((now) => ({ ...now, zone: now.zone === 'utc' ? 'local' : 'utc' })),
          },
          {
            text: view.times === 'clock' ? 'Times as how long ago' : 'Times by the clock',
            onChoose: () => change(toggleTimes),
          },
          { text: `Change to ${other}`, onChoose: () => onTheme(other) },
          { text: 'Light or dark as the system', onChoose: () => onTheme('system') },
          { text: 'Keys', onChoose: onHelp, hint: <kbd>?</kbd> },
        ]}
      />
    </header>
  );
}

/** The context by which kubectl knows the one cluster that is looked at: that of what is listened to. */
function contextOf(clusters: ClustersAnswer | undefined, { filters }: View): string | undefined {
  const chosen = filters.cluster;
  const meant = (clusters?.clusters ?? []).filter(({ uid }) => chosen.length === 0 || chosen.includes(uid));
  const [only, ...others] = meant;
  return others.length === 0 && only?.listening !== 'no' ? only?.name : undefined;
}

function sayClusters(clusters: ClustersAnswer | undefined): string {
  const all = clusters?.clusters ?? [];
  const [first] = all;
  return all.length > 1 ? `${all.length} clusters` : (first?.name ?? '');
}
