/** Where the commands that are shown are to read, so that they tell the same to whoever types them. */
export interface CommandPlace {
  /** The address of the server that the page came from. */
  readonly server: string;
  /** The cluster that is meant, by name; undefined: all that the server knows. */
  readonly cluster: string | undefined;
}

/**
 * Where a command about some clusters is to read. A cluster is named where there are several and one of them is meant: `--context` takes no more.
 *
 * @param base the address of the page
 * @param known the clusters that there are
 * @param meant those that are meant, by uid or name; none: all
 */
export function placeOf(
  base: string,
  known: readonly { readonly uid: string; readonly name: string }[],
  meant: readonly string[],
): CommandPlace {
  const [only, ...others] = known.filter(({ uid, name }) => meant.includes(uid) || meant.includes(name));
  const isNamesake = known.some(({ uid, name }) => name === only?.name && uid !== only.uid);
  const isOneOfMany = known.length > 1 && others.length === 0;
  return {
    server: base.replace(/[?#].*$/, '').replace(/\/[^/]*$/, ''),
    cluster: isOneOfMany ? (isNamesake ? only?.uid : only?.name) : undefined,
  };
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
