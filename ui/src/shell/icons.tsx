import type { ReactNode } from 'react';

/** Drawn for Hark, in a square of 16. */
const SHAPES = {
  search: <path d="M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm3.6-1.4L14 14" />,
  sun: (
    <path d="M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6Zm0-4v1.5M8 13.500V15M1 8h1.500M13.500 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1" />
  ),
  moon: <path d="M13.500 9.500A6 6 0 0 1 6.500 2.500 6 6 0 1 0 13.500 9.500Z" />,
  menu: <path d="M2.500 4h11M2.500 8h11M2.500 12h11" />,
  share: <path d="M6 3H3v10h10v-3M9 2.500h4.500V7M13 3 7 9" />,
  close: <path d="m4 4 8 8M12 4l-8 8" />,
  plus: <path d="M8 3v10M3 8h10" />,
  minus: <path d="M3 8h10" />,
  fit: <path d="M2 3v10M14 3v10M4.500 8h7M6.500 6l-2 2 2 2M9.500 6l2 2-2 2" />,
  chevron: <path d="m6 4 4 4-4 4" />,
  check: <path d="m3 8.500 3.500 3.500L13 4.500" />,
  copy: <path d="M5.500 5.500V3h7.500v7.500h-2.500M3 5.500h7.500V13H3Z" />,
  filter: <path d="M2 3.500h12L9.500 9v4l-3-1.500V9Z" />,
  alert: <path d="M8 2 1.500 13.500h13ZM8 6.500v3.500M8 12v.2" />,
  quiet: <path d="M2 8h2M6 5v6M10 6.500v3M14 8h0" />,
  lock: <path d="M4 7.500h8V14H4ZM5.500 7.500V5a2.500 2.500 0 0 1 5 0v2.500" />,
  plug: <path d="M6 2v3M10 2v3M4 5h8v2a4 4 0 0 1-8 0ZM8 11v3" />,
  help: <path d="M6 6a2 2 0 1 1 3 1.700c-.7.4-1 .8-1 1.500M8 11.800v.2" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof SHAPES;

export function Icon({ name, className = 'icon-svg' }: { name: IconName; className?: string }) {
  return (
    <svg className={className} viewBox="0 0 16 16" aria-hidden="true">
      {SHAPES[name]}
    </svg>
  );
}
