import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../lib/errors.ts';
import type { CommandModule } from './command.ts';
import { COMMANDS, type CommandEntry } from './commands.ts';
import {
  type Candidate,
  type CompletionScope,
  FLAG_KINDS,
  LISTED_KINDS,
  listValues,
  type ValueKind,
} from './complete-values.ts';
import type { Context } from './context.ts';
import { printText } from './print.ts';
import { createParser } from './run-command.ts';
import { splitCommandLine } from './run-hark.ts';
import { readFlag, type WalkedWords, walkWords } from './walk-words.ts';

/** Bits of cobra's ShellCompDirective, which kubectl reads of its plugins and our own scripts too. */
const DIRECTIVE = { files: 0, noFiles: 4, noFilesNoSpace: 6 } as const;

/** Flags that make sense more than once. */
const REPEATABLE = new Set(['--for', '--type', '--reason', '--kind', '--component']);

interface Completion {
  readonly candidates: readonly Candidate[];
  readonly directive: number;
}

const NOTHING: Completion = { candidates: [], directive: DIRECTIVE.noFiles };

/**
 * Answers a shell that wants a word completed, as cobra's `__complete` does: a line `VALUE<tab>DESCRIPTION` for each candidate, then
 * `:DIRECTIVE`. Of `--flag=VALUE` only the VALUE is given back. Nothing goes to stderr: it would land in the middle of the user's line.
 *
 * @param words the words so far, without the program's name; the last one, which may be empty, is to be completed
 */
export async function complete(words: readonly string[], context: Context): Promise<ExitCode> {
  const { candidates, directive } = await findCompletion(words.slice(0, -1), words.at(-1) ?? '', context);
  const lines = candidates.map(({ value, description }) => formatCandidate(value, description));
  await printText(context.stdout, [...lines, `:${directive}`, ''].join('\n'));
  return EXIT.done;
}

async function findCompletion(
  before: readonly string[],
  typed: string,
  context: Context,
): Promise<Completion> {
  const { name, args } = splitCommandLine(before);
  const entry = COMMANDS.find((candidate) => candidate.name === name);
  if (name === 'help') return completeCommand(typed);
  if (name !== undefined && entry === undefined) return NOTHING;
  const module = await entry?.load();
  const parser = createParser(entry ?? NO_COMMAND, module?.command ?? EMPTY_MODULE, context);
  const walked = walkWords(args, parser.options);
  const outputs = module?.command.outputs ?? [];
  const scope: CompletionScope = { context, flags: walked.flags, outputs };
  const flag = completesFlagValue(walked, typed, parser);
  if (flag !== undefined) return await completeValue(FLAG_KINDS[flag.long], flag.typed, scope);
  if (typed.startsWith('-') && !walked.ended) return completeFlag(typed, walked, parser);
  if (module === undefined) return completeCommand(typed);
  return await completeArgument(module.command.argumentKind, walked.positionals, typed, scope);
}

const NO_COMMAND: CommandEntry = {
  name: '',
  args: '',
  summary: '',
  group: 'hidden',
  load: () => Promise.reject(new Error('no command')),
};

const EMPTY_MODULE: CommandModule = { outputs: [''], declare() {}, run: async () => EXIT.done };

/** The flag whose value is being typed: after `--flag`, or within `--flag=`. */
function completesFlagValue(
  walked: WalkedWords,
  typed: string,
  parser: Command,
): { readonly long: string; readonly typed: string } | undefined {
  if (walked.open !== undefined) return { long: walked.open.long ?? '', typed };
  if (walked.ended || !typed.startsWith('--') || !typed.includes('=')) return undefined;
  const { option, value } = readFlag(typed, parser.options);
  return option?.required ? { long: option.long ?? '', typed: value ?? '' } : undefined;
}

async function completeValue(
  kind: ValueKind | undefined,
  typed: string,
  scope: CompletionScope,
): Promise<Completion> {
  if (kind === 'file') return { candidates: [], directive: DIRECTIVE.files };
  if (kind === undefined) return NOTHING;
  const comma = LISTED_KINDS.includes(kind) ? typed.lastIndexOf(',') + 1 : 0;
  const candidates = await listValues(kind, typed.slice(comma), scope);
  return filter(
    candidates.map(({ value, description }) => ({ value: typed.slice(0, comma) + value, description })),
    typed,
  );
}

/** Arguments: `KIND/NAME`, or, when the first one is a kind alone, names of that kind. */
async function completeArgument(
  kind: ValueKind | undefined,
  positionals: readonly string[],
  typed: string,
  scope: CompletionScope,
): Promise<Completion> {
  const first = positionals[0];
  if (kind !== 'object' || first === undefined || first.includes('/')) {
    return first !== undefined && kind === 'shell' ? NOTHING : await completeValue(kind, typed, scope);
  }
  const named = await listValues('object', `${first}/${typed}`, scope);
  const names = named.map(({ value, description }) => ({
    value: value.slice(first.length + 1),
    description,
  }));
  return filter(names, typed);
}

function completeFlag(typed: string, walked: WalkedWords, parser: Command): Completion {
  const open = parser.options.filter(
    (option) => !option.hidden && (!walked.used.has(option.long ?? '') || REPEATABLE.has(option.long ?? '')),
  );
  const candidates = open.map((option) => ({ value: option.long ?? '', description: option.description }));
  return filter([...candidates, { value: '--help', description: 'this help' }], typed);
}

function completeCommand(typed: string): Completion {
  const shown = COMMANDS.filter((entry) => entry.group !== 'hidden');
  const candidates = shown.map(({ name, summary }) => ({ value: name, description: summary }));
  return filter([...candidates, { value: 'help', description: 'the help of a command' }], typed);
}

/** Keeps what begins as typed. After a kind's `/` no space is wanted. */
function filter(candidates: readonly Candidate[], typed: string): Completion {
  const fitting = candidates.filter(({ value }) => value.startsWith(typed));
  const unfinished = fitting.length > 0 && fitting.every(({ value }) => value.endsWith('/'));
  return { candidates: fitting, directive: unfinished ? DIRECTIVE.noFilesNoSpace : DIRECTIVE.noFiles };
}

/** Names come from the cluster: a tab or a newline in one must not become another line. */
function formatCandidate(value: string, description: string): string {
  const clean = (text: string) => text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ');
  return description === '' ? clean(value) : `${clean(value)}\t${clean(description)}`;
}
