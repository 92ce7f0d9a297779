import { EXIT, type ExitCode, HarkError } from '../lib/errors.ts';
import { suggestSimilar } from '../lib/suggest-similar.ts';
import { COMMANDS, type CommandEntry } from './commands.ts';
import type { Context } from './context.ts';
import { readGlobalOptions, takesNextWord } from './global-options.ts';
import { printText } from './print.ts';

/**
 * Runs what was typed after `hark`.
 *
 * @param argv the words after the program's name
 * @returns the exit code
 * @throws HarkError for every expected failure, the usage errors included
 */
export async function runHark(argv: readonly string[], context: Context): Promise<ExitCode> {
  if (argv[0] === '__complete') return await (await import('./complete.ts')).complete(argv.slice(1), context);
  const { name, args } = splitCommandLine(argv);
  if (name === undefined) return await runWithoutCommand(args, context);
  if (name === 'help') return await runHelp(args, context);
  return await runNamed(findCommand(name, context), args, context);
}

/** A command that takes nothing needs no parser when nothing was given: that halves the time `hark version` takes. */
async function runNamed(entry: CommandEntry, args: readonly string[], context: Context): Promise<ExitCode> {
  if (entry.takesNothing && args.length === 0) {
    const { command } = await entry.load();
    const globals = readGlobalOptions({}, command.outputs, context);
    return await command.run(context, { args, options: {}, globals, now: context.wallClock() });
  }
  const { runCommand } = await import('./run-command.ts');
  return await runCommand(entry, args, context);
}

/** The command's name is the first word that is neither a flag nor a flag's value; all other words, in their order, are its arguments. */
export function splitCommandLine(argv: readonly string[]): {
  readonly name: string | undefined;
  readonly args: string[];
} {
  for (let index = 0; index < argv.length && argv[index] !== '--'; index++) {
    const word = argv[index] ?? '';
    if (!word.startsWith('-') || word === '-')
      return { name: word, args: [...argv.slice(0, index), ...argv.slice(index + 1)] };
    if (takesNextWord(word)) index++;
  }
  return { name: undefined, args: [...argv] };
}

async function runWithoutCommand(args: readonly string[], context: Context): Promise<ExitCode> {
  if (args.includes('--version') || (args.length === 1 && args[0] === '-V')) {
    const rest = args.filter((word) => word !== '--version' && word !== '-V');
    return await runNamed(findCommand('version', context), rest, context);
  }
  if (args.length === 0 || args.includes('-h') || args.includes('--help')) return await runHelp([], context);
  const example = `${context.program.name} events ${args.join(' ')}`;
  throw new HarkError('usage', `"${args.join(' ')}" names no command`, {
    hint: `For example: ${example}\nAll commands: ${context.program.name} --help`,
  });
}

async function runHelp(args: readonly string[], context: Context): Promise<ExitCode> {
  const name = args.find((word) => !word.startsWith('-'));
  if (name !== undefined && name !== 'help') {
    return await runNamed(findCommand(name, context), ['--help'], context);
  }
  const { formatProgramHelp } = await import('./program-help.ts');
  await printText(context.stdout, formatProgramHelp(context));
  return EXIT.done;
}

function findCommand(name: string, context: Context): CommandEntry {
  const entry = COMMANDS.find((candidate) => candidate.name === name);
  if (entry !== undefined) return entry;
  const words = COMMANDS.filter((candidate) => candidate.group !== 'hidden').map(
    (candidate) => candidate.name,
  );
  const near = suggestSimilar(name, [...words, 'help'])[0];
  const guess = near === undefined ? '' : `Did you mean ${context.program.name} ${near}? `;
  throw new HarkError('usage', `there is no command "${name}"`, {
    hint: `${guess}All commands: ${context.program.name} --help`,
  });
}
