/**
 * How to add a command
 * --------------------
 * 1. Write `src/commands/NAME.ts` that exports `command`:
 *
 *        export interface NameOptions { readonly since?: Micros }            // what commander's opts() will hold
 *        export const command: CommandModule<NameOptions> = {
 *          outputs: ['text', 'json'],                                        // valid -o values, the default first
 *          examples: [['hark name pod/x', 'what it shows']],
 *          declare(command) {                                                // commander: arguments, options, description
 *            command.argument('[object...]', 'KIND/NAME').option('--since <TIME>', 'from when on');
 *          },
 *          async run(context, call) {                                        // call.args, call.options, call.globals, call.now
 *            await printText(context.stdout, '…\n');                         // data to stdout
 *            await printNote(context, '…');                                  // notes to stderr
 *            return EXIT.done;
 *          },
 *        };
 *
 * 2. Add its line to `COMMANDS` in `src/commands/commands.ts` (name, arguments, summary, lazy import).
 * 3. Test it as a whole program in `test/cli/NAME.test.ts`, and show it in `docs/commands.md`.
 *
 * Global flags (`-n`, `-A`, `--from`, `-o`, …) are declared for every command by the framework and arrive checked in `call.globals`.
 * A failure that the user can cause is thrown as a `HarkError`; any other exception is reported as a bug. `context.signal` aborts on the
 * first Ctrl-C: a command that runs until then returns `EXIT.done`; one that is cut short throws `context.signal.reason`.
 * Import heavy parts (the Kubernetes client, SQLite) with `await import()` inside `run`, so that only those who need them pay for them.
 */
import type { Command } from 'commander';
import type { ExitCode } from '../lib/errors.ts';
import type { Micros } from '../lib/time.ts';
import type { ValueKind } from './complete-values.ts';
import type { Context } from './context.ts';
import type { GlobalOptions } from './global-options.ts';

/** What was typed, parsed and checked. */
export interface Call<Options extends object = object> {
  /** The arguments that are no flags. */
  readonly args: readonly string[];
  /** The command's own flags, as commander's `opts()` gives them. */
  readonly options: Options;
  readonly globals: GlobalOptions;
  /** `--now`, else the wall clock when the command began: what ages are counted from. */
  readonly now: Micros;
}

export interface CommandModule<Options extends object = object> {
  /** Valid values of `-o`, the default first. */
  readonly outputs: readonly [string, ...string[]];
  /** Shown in its help: a command line (beginning with `hark`) and what it is for. */
  readonly examples?: readonly (readonly [line: string, purpose: string])[];
  /** What its arguments are, for shell completion; nothing when left out. */
  readonly argumentKind?: ValueKind;
  /** Global flags that have no place here: help and completion leave them out; who types one is told by `run`, or it says nothing. */
  readonly withoutFlags?: readonly string[];
  /** Declares arguments and own flags. Flag parsers throw HarkError. */
  declare(command: Command): void;
  run(context: Context, call: Call<Options>): Promise<ExitCode>;
}
