/** Where the commands that are shown are to read, so that they tell the same to whoever types them. */
export interface CommandPlace {
  /** The address of the server that the page came from. */
  readonly server: string;
  /** The cluster that is meant, by name; undefined: all that the server knows. */
  readonly cluster: string | undefined;
}

/** A `hark` command that asks the server that the page came from. */
export function harkCommand(words: readonly string[], { server, cluster }: CommandPlace): string {
  const context = cluster === undefined ? [] : ['--context', cluster];
  return ['hark', ...words, ...context, '--server', server].map(quoteWord).join(' ');
}

/** The flag that says where an object is; what is of no namespace is looked for in `default`, where its Events are. */
export function inNamespace({ namespace }: { readonly namespace: string }): string[] {
  return namespace === '' ? [] : ['-n', namespace];
}

/** As a shell needs it. */
export function quoteWord(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
