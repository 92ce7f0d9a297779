import type { Theme } from '../view/use-theme.ts';
import type { Tone } from './timeline-data.ts';

/** The colours of the theme, for drawing. */
export interface Palette {
  readonly surface: string;
  readonly sunken: string;
  readonly ink: string;
  readonly faint: string;
  readonly line: string;
  readonly accent: string;
  readonly accentSoft: string;
  readonly change: string;
  readonly hatch: string;
  readonly warning: string;
  readonly normal: string;
  readonly font: string;
  /** Of lines, marks and short bars. */
  readonly strong: Readonly<Record<Tone, string>>;
  /** Of what text stands on. */
  readonly soft: Readonly<Record<Tone, string>>;
}

const palettes = new Map<Theme, Palette>();

/** The colours of the theme that the page has now: read once from the style sheet's variables, where they are. */
export function paletteOf(theme: Theme): Palette {
  const palette = palettes.get(theme) ?? readPalette();
  palettes.set(theme, palette);
  return palette;
}

function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    surface: read('surface'),
    sunken: read('sunken'),
    ink: read('ink'),
    faint: read('ink-3'),
    line: read('line'),
    accent: read('accent'),
    accentSoft: read('accent-soft'),
    change: read('change'),
    hatch: read('hatch'),
    warning: read('warning'),
    normal: read('normal'),
    font: read('font'),
    strong: {
      normal: read('normal'),
      good: read('good'),
      warning: read('warning'),
      bad: read('bad'),
      busy: read('busy'),
      quiet: read('quiet'),
    },
    soft: {
      normal: read('accent-soft'),
      good: read('good-soft'),
      warning: read('warning-soft'),
      bad: read('bad-soft'),
      busy: read('busy-soft'),
      quiet: read('quiet-soft'),
    },
  };
}
