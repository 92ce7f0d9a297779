import type { Option } from 'commander';

/** What unfinished words on a command line say, as far as they go. */
export interface WalkedWords {
  /** Flags with their last values, by commander's attribute names; true for those that take none. */
  readonly flags: Readonly<Record<string, string | true>>;
  /** Long names of the flags given. */
  readonly used: ReadonlySet<string>;
  readonly positionals: readonly string[];
  /** The flag that takes the next word as its value. */
  readonly open: Option | undefined;
  /** Whether `--` was given: no flags follow. */
  readonly ended: boolean;
}

/** Reads words that may end anywhere and may be wrong, which a parser of whole command lines would refuse. Never throws. */
export function walkWords(words: readonly string[], options: readonly Option[]): WalkedWords {
  const flags: Record<string, string | true> = {};
  const used = new Set<string>();
  const positionals: string[] = [];
  let open: Option | undefined;
  let ended = false;
  const give = (option: Option, value: string | true) => {
    flags[option.attributeName()] = value;
    used.add(option.long ?? '');
  };
  for (const word of words) {
    if (open !== undefined) {
      give(open, word);
      open = undefined;
    } else if (ended || !word.startsWith('-') || word === '-') positionals.push(word);
    else if (word === '--') ended = true;
    else {
      const { option, value } = readFlag(word, options);
      if (option === undefined) continue;
      if (option.required && value === undefined) open = option;
      else give(option, value ?? true);
    }
  }
  return { flags, used, positionals, open, ended };
}

/** `--flag`, `--flag=value`, `-f`, `-fvalue`. */
export function readFlag(
  word: string,
  options: readonly Option[],
): { readonly option: Option | undefined; readonly value: string | undefined } {
  const [, long, value] = /^(--[^=]+)(?:=([\s\S]*))?$/.exec(word) ?? [];
  if (long !== undefined) return { option: options.find((option) => option.long === long), value };
  const option = options.find((candidate) => candidate.short === word.slice(0, 2));
  return { option, value: option?.required && word.length > 2 ? word.slice(2) : undefined };
}
