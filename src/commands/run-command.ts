import { Command, CommanderError } from 'commander';
import { EXIT, type ExitCode, HarkError } from '../lib/errors.ts';
import { quoteWord } from '../lib/quote-word.ts';
import { suggestSimilar } from '../lib/suggest-similar.ts';
import type { CommandModule } from './command.ts';
import type { CommandEntry } from './commands.ts';
import type { Context } from './context.ts';
import { declareGlobalOptions, readGlobalOptions } from './global-options.ts';
import { printText } from './print.ts';
import { wantsColor } from './wants-color.ts';

/** Columns beyond which lines are hard to read. */
const WIDEST_HELP = 100;

/** Loads a command, parses its arguments, runs it. */
export async function runCommand(
  entry: CommandEntry,
  args: readonly string[],
  context: Context,
): Promise<ExitCode> {
  const { command: module } = await entry.load();
  const parser = createParser(entry, module, context);
  const help = parse(parser, args, Math.min(context.stdout.columns ?? WIDEST_HELP, WIDEST_HELP));
  if (help !== undefined) {
    await printText(context.stdout, help);
    return EXIT.done;
  }
  const options = parser.opts<Record<string, unknown>>();
  const globals = readGlobalOptions(options, module.outputs, context);
  if (globals.server !== undefined && entry.group !== 'Look' && entry.group !== 'hidden')
    throw serverFlag(parser.name(), globals.server);
  return await module.run(context, {
    args: parser.args,
    options,
    globals,
    now: globals.now ?? context.wallClock(),
  });
}

function serverFlag(name: string, server: string): HarkError {
  return new HarkError('usage', `${name} reads from no server: --server "${server}" has no place here`, {
    hint: 'The commands that look take it: hark events --server URL',
  });
}

/** The command as commander knows it, with its own flags, then the global ones. */
export function createParser(entry: CommandEntry, module: CommandModule, context: Context): Command {
  const parser = new Command(`${context.program.name} ${entry.name}`);
  parser.description(`${entry.summary.charAt(0).toUpperCase()}${entry.summary.slice(1)}.`);
  parser.exitOverride().allowExcessArguments(false);
  parser.optionsGroup('Flags:');
  module.declare(parser);
  declareGlobalOptions(parser, module.outputs, module.withoutFlags);
  const color = wantsColor(true, context.stdout, context.env);
  parser.configureHelp({
    optionTerm: (option) => formatFlags(option.flags),
    commandUsage: () => `${parser.name()}${entry.args === '' ? '' : ` ${entry.args}`} [flags]`,
    optionDescription: (option) => option.description,
    styleTitle: (text) => (color ? `\x1b[1m${text}\x1b[22m` : text),
  });
  if (module.examples !== undefined)
    parser.addHelpText('after', formatExamples(module.examples, context, color));
  return parser;
}

/** `-n, --namespace <NAME>` as help shows it: without brackets, long flags below each other. */
function formatFlags(flags: string): string {
  const bare = flags.replace(/<([^>]+)>/, '$1');
  return bare.startsWith('--') ? `    ${bare}` : bare;
}

function formatExamples(
  examples: NonNullable<CommandModule['examples']>,
  context: Context,
  color: boolean,
): string {
  const lines = examples.map(
    ([line, purpose]) => [line.replace(/\bhark\b/, context.program.name), purpose] as const,
  );
  const width = Math.max(...lines.map(([line]) => line.length));
  const title = color ? '\x1b[1mExamples:\x1b[22m' : 'Examples:';
  return `\n${title}\n${lines.map(([line, purpose]) => `  ${line.padEnd(width)}  ${purpose}`).join('\n')}`;
}

/** Parses into `parser`; returns the help text when that was asked for. */
function parse(parser: Command, args: readonly string[], helpWidth: number): string | undefined {
  let help = '';
  parser.configureOutput({
    writeOut: (text) => {
      help += text;
    },
    writeErr: () => {},
    outputError: () => {},
    getOutHelpWidth: () => helpWidth,
  });
  try {
    parser.parse(args, { from: 'user' });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return `${help.trimEnd()}\n`;
    throw explainUsage(error, parser);
  }
}

/** What commander complains of, in Hark's words. */
function explainUsage(error: CommanderError, parser: Command): HarkError {
  const name = parser.name();
  const message = error.message.replace(/^error: /, '').split('\n')[0] ?? '';
  const typed = /'(-[^']*)'/.exec(message)?.[1];
  if (error.code === 'commander.unknownOption' && typed !== undefined) {
    const known = parser.options
      .flatMap((option) => [option.long, option.short])
      .filter((flag) => typeof flag === 'string');
    const near = suggestSimilar(typed, known)[0];
    const guess = near === undefined ? '' : `Did you mean ${near}? `;
    return new HarkError('usage', `${name} has no flag "${typed}"`, {
      hint: `${guess}All its flags: ${name} --help`,
    });
  }
  const hint = guessMeant(message, parser) ?? `How it is used: ${name} --help`;
  return new HarkError('usage', `${name}: ${message}`, { hint });
}

/** What somebody meant who typed one word too many: a file, or an object as `KIND/NAME`, as other commands take them. */
function guessMeant(message: string, parser: Command): string | undefined {
  const word = /got \d+: (\S+?)\.?$/.exec(message)?.[1];
  const isFile = word !== undefined && /\.(?:jsonl?|ya?ml|gz|tgz|tar|zst)$/.test(word);
  const isObject = word !== undefined && /^[a-z][a-z.]*\/[^/]+$/.test(word);
  const flag = isFile ? '--from' : isObject ? '--for' : undefined;
  if (word === undefined || flag === undefined) return undefined;
  if (!parser.options.some(({ long }) => long === flag)) return undefined;
  return `Did you mean: ${parser.name()} ${flag} ${quoteWord(word)}`;
}
