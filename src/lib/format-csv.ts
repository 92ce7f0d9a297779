/** What a spreadsheet takes for a formula when a cell begins with it (OWASP, "CSV Injection"). */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/;

/**
 * One record of CSV (RFC 4180), CRLF at its end: cells that hold a comma, a quote or a line break are quoted, quotes doubled.
 * A text that a spreadsheet would run as a formula gets a `'` before it; numbers stay as they are.
 */
export function formatCsvRow(cells: readonly (string | number)[]): string {
  return `${cells.map(formatCell).join(',')}\r\n`;
}

function formatCell(cell: string | number): string {
  if (typeof cell === 'number') return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
