/** Gives text a terminal's style; each gives it back unchanged where colour is not wanted. The text must be safe already. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly cyan: (text: string) => string;
}

const PLAIN: Style = { bold: keep, dim: keep, yellow: keep, red: keep, green: keep, cyan: keep };

/** The colours are of the terminal's own palette, so that they suit light and dark ones alike. */
const COLORED: Style = {
  bold: wrapIn(1, 22),
  dim: wrapIn(2, 22),
  yellow: wrapIn(33, 39),
  red: wrapIn(31, 39),
  green: wrapIn(32, 39),
  cyan: wrapIn(36, 39),
};

export function createStyle(color: boolean): Style {
  return color ? COLORED : PLAIN;
}

function keep(text: string): string {
  return text;
}

/** The style ends before the spaces that fill a column up, so that no underlined or inverse theme shows them. */
function wrapIn(on: number, off: number): (text: string) => string {
  return (text) => (text === '' ? '' : `\x1b[${on}m${text}\x1b[${off}m`);
}
