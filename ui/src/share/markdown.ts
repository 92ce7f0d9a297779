/** Text of a stranger inside of a line of Markdown: nothing in it is markup, a link or a mention. */
export function inline(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]()#+!|<>~@-]/g, '\\$&');
}

/** Text of a stranger as a block of code, which it cannot leave. */
export function fence(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}\n${text}\n${ticks}`;
}
