import { COMMANDS, type CommandEntry } from './commands.ts';
import type { Context } from './context.ts';
import { GLOBAL_FLAGS } from './global-options.ts';
import { wantsColor } from './wants-color.ts';

/** What `hark --help` prints: commands by what they are for, how to begin, the flags of every command, the exit codes. */
export function formatProgramHelp(context: Context): string {
  const bold = wantsColor(true, context.stdout, context.env)
    ? (text: string) => `\x1b[1m${text}\x1b[22m`
    : (text: string) => text;
  const name = context.program.name;
  const sections = [
    'Hark hears every Event of a Kubernetes cluster, keeps every repeat, and tells what happened.',
    `${bold('Usage:')} ${name} COMMAND [flags]`,
    ...(['Look', 'Keep', 'More'] as const).map((group) => formatGroup(group, bold)),
    formatRows(bold('Start here'), [
      [`${name} events -A`, 'what happens in every namespace of the current cluster'],
      [`${name} events --type Warning --since 1h`, 'what went wrong in the last hour'],
      [`${name} describe pod/NAME`, 'everything that was said of one object'],
      [`${name} events --from FILE`, 'what a file holds: a saved list, a must-gather, an export'],
      [`${name} listen`, 'keep them from now on: Kubernetes forgets after an hour'],
      [`${name} COMMAND --help`, 'the flags and examples of a command'],
    ]),
    formatRows(
      bold('Flags of every command'),
      GLOBAL_FLAGS.map((flag) => [
        `${flag.short === undefined ? '    ' : `${flag.short}, `}${flag.long}${flag.value === undefined ? '' : ` ${flag.value}`}`,
        flag.description,
      ]),
    ),
    [
      bold('Where Events come from'),
      "  --from FILE when it is given; else the cluster of the kubeconfig's current context, joined with what",
      `  the store holds of it (${name} listen fills the store).`,
    ].join('\n'),
    formatRows(bold('Exit codes'), [
      ['0', 'done'],
      ['1', 'found nothing'],
      ['2', 'wrong usage'],
      ['3', 'cannot reach the cluster'],
      ['4', 'not allowed'],
    ]),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function formatGroup(group: CommandEntry['group'], bold: (text: string) => string): string {
  const entries = COMMANDS.filter((entry) => entry.group === group);
  if (entries.length === 0) return '';
  const width = Math.max(
    ...COMMANDS.filter((entry) => entry.group !== 'hidden').map((entry) => entry.name.length),
  );
  return formatRows(
    bold(group),
    entries.map((entry) => [entry.name.padEnd(width), entry.summary]),
  );
}

function formatRows(title: string, rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return [title, ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)].join('\n');
}
