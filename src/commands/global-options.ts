import type { Command } from 'commander';
import { HarkError } from '../lib/errors.ts';
import { parseTime } from '../lib/parse-time.ts';
import { suggestSimilar } from '../lib/suggest-similar.ts';
import type { Micros } from '../lib/time.ts';
import type { Context } from './context.ts';
import { wantsColor } from './wants-color.ts';

/** The flags that every command takes, checked. */
export interface GlobalOptions {
  /** `--kubeconfig`; undefined: `$KUBECONFIG`, else `~/.kube/config`, else in-cluster. */
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  /** `-n`; undefined: the context's, else `default` (with `--from`: all). */
  readonly namespace: string | undefined;
  readonly allNamespaces: boolean;
  /** `--from`: a file or directory, `-` for stdin. */
  readonly from: string | undefined;
  /** `--store`: the store's file; undefined: the one in the user's data directory. */
  readonly store: string | undefined;
  /** `--server`: the URL of a running Hark. */
  readonly server: string | undefined;
  /** `--token-file`: holds a bearer token; for `hark serve` the one that requests must bring. */
  readonly tokenFile: string | undefined;
  /** `-o`, one of the command's outputs. */
  readonly output: string;
  /** Whether stdout is to be coloured: a terminal, unless `--no-color`, `NO_COLOR`, `TERM=dumb`; `FORCE_COLOR` colours a pipe too. */
  readonly color: boolean;
  /** `--now`; undefined: the wall clock. */
  readonly now: Micros | undefined;
  readonly verbose: boolean;
}

interface GlobalFlag {
  readonly short?: string;
  readonly long: string;
  readonly value?: string;
  readonly description: string;
}

/** The one table from which parsing, help and completion know the global flags. */
export const GLOBAL_FLAGS: readonly GlobalFlag[] = [
  {
    short: '-n',
    long: '--namespace',
    value: 'NAME',
    description: "the namespace to look at, or several: a,b (default: the context's)",
  },
  { short: '-A', long: '--all-namespaces', description: 'look at all namespaces' },
  {
    long: '--from',
    value: 'FILE',
    description: 'read a file, a dump or an export instead of the cluster; - for stdin',
  },
  { long: '--server', value: 'URL', description: 'read from a running hark serve' },
  { long: '--token-file', value: 'FILE', description: 'the token of that server (default: $HARK_TOKEN)' },
  { long: '--store', value: 'FILE', description: 'the store (default: in your data directory)' },
  {
    long: '--kubeconfig',
    value: 'FILE',
    description: 'the kubeconfig (default: $KUBECONFIG, ~/.kube/config)',
  },
  { long: '--context', value: 'NAME', description: 'the kubeconfig context' },
  { short: '-o', long: '--output', value: 'FORMAT', description: 'the form of the output' },
  { long: '--no-color', description: 'no colours (NO_COLOR and FORCE_COLOR are honoured too)' },
  { long: '--now', value: 'TIME', description: 'the clock to count ages from, RFC 3339 (default: now)' },
  { short: '-v', long: '--verbose', description: 'say more on stderr, stacks of errors included' },
];

const GLOBAL_GROUP = 'Flags of every command:';

/**
 * Declares the global flags on a command; those of `-o` are `outputs`.
 *
 * @param hidden flags that help does not show
 */
export function declareGlobalOptions(
  command: Command,
  outputs: readonly string[],
  hidden: readonly string[] = [],
): void {
  command.optionsGroup(GLOBAL_GROUP);
  command.addHelpOption(command.createOption('-h, --help', 'this help').helpGroup(GLOBAL_GROUP));
  for (const flag of GLOBAL_FLAGS) {
    const names = `${flag.short === undefined ? '' : `${flag.short}, `}${flag.long}${flag.value === undefined ? '' : ` <${flag.value}>`}`;
    const description = flag.long === '--output' ? describeOutputs(outputs) : flag.description;
    const option = command.createOption(names, description);
    command.addOption(hidden.includes(flag.long) ? option.hideHelp() : option);
  }
}

function describeOutputs(outputs: readonly string[]): string {
  return `the form of the output: ${outputs.join(', ')} (default: ${outputs[0] ?? ''})`;
}

/** Whether a flag, as typed (`-n`, `--from`, `-nshop`, `--from=x`), takes the next word as its value. */
export function takesNextWord(typed: string): boolean {
  return GLOBAL_FLAGS.some(
    (flag) => flag.value !== undefined && (flag.short === typed || flag.long === typed),
  );
}

/**
 * Checks what commander parsed of the global flags.
 *
 * @throws HarkError `usage` for a bad `-o` or `--now`, or an empty value
 */
export function readGlobalOptions(
  parsed: Record<string, unknown>,
  outputs: readonly string[],
  context: Context,
): GlobalOptions {
  const text = (name: string) => readText(parsed, name);
  const now = text('now');
  return {
    kubeconfig: text('kubeconfig'),
    context: text('context'),
    namespace: text('namespace'),
    allNamespaces: parsed.allNamespaces === true,
    from: text('from'),
    store: text('store'),
    server: readServer(text),
    tokenFile: text('tokenFile'),
    output: readOutput(text('output'), outputs),
    color: wantsColor(parsed.color !== false, context.stdout, context.env),
    now: now === undefined ? undefined : parseTime(now, '--now'),
    verbose: parsed.verbose === true,
  };
}

/** @throws HarkError `usage` when another place to read from is named too */
function readServer(text: (name: string) => string | undefined): string | undefined {
  const server = text('server');
  const other = ['from', 'store'].find((name) => text(name) !== undefined);
  if (server === undefined || other === undefined) return server;
  throw new HarkError('usage', `--server and --${other} exclude each other`, {
    hint: 'Each says where to read from: leave one away.',
  });
}

function readText(parsed: Record<string, unknown>, name: string): string | undefined {
  const value = parsed[name];
  if (typeof value !== 'string') return undefined;
  if (value !== '') return value;
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new HarkError('usage', `${flag} is empty: it wants a value`, {
    hint: `Leave ${flag} away for its default.`,
  });
}

function readOutput(wanted: string | undefined, outputs: readonly string[]): string {
  if (wanted === undefined) return outputs[0] ?? '';
  if (outputs.includes(wanted)) return wanted;
  const near = suggestSimilar(wanted, outputs)[0];
  throw new HarkError(
    'usage',
    `-o "${wanted}" is no output format of this command: it has ${outputs.join(', ')}`,
    {
      hint: near === undefined ? `For example: -o ${outputs[0] ?? ''}` : `Did you mean -o ${near}?`,
    },
  );
}
