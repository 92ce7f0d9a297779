import type { CommandModule } from './command.ts';

/** A command as `hark --help` lists it; its code is loaded only when it is run. */
export interface CommandEntry {
  readonly name: string;
  /** As in its usage line: `KIND/NAME…`. */
  readonly args: string;
  /** One line, begins in lower case, no full stop. */
  readonly summary: string;
  readonly group: 'Look' | 'Keep' | 'More' | 'hidden';
  /** Whether it has neither arguments nor flags of its own. */
  readonly takesNothing?: true;
  readonly load: () => Promise<{ readonly command: CommandModule }>;
}

/** Every command, in the order of `hark --help`. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'events',
    args: '',
    summary: 'all Events in time order; -w goes on with those to come',
    group: 'Look',
    load: () => import('./events.ts'),
  },
  {
    name: 'describe',
    args: 'KIND/NAME…',
    summary: "what was said of one object: kubectl describe's Events, in order, the whole history",
    group: 'Look',
    load: () => import('./describe.ts'),
  },
  {
    name: 'story',
    args: '[KIND/NAME…]',
    summary: 'what happened, as a story: by cause, with how long each step took and how it came out',
    group: 'Look',
    load: () => import('./story.ts'),
  },
  {
    name: 'why',
    args: '[KIND/NAME…]',
    summary: 'what is wrong now, since when, and what set it off; exit code 1 when something is',
    group: 'Look',
    load: () => import('./why.ts'),
  },
  {
    name: 'trace',
    args: '[KIND/NAME…]',
    summary: 'where the time went: a story as a waterfall; --otlp sends it as an OpenTelemetry trace',
    group: 'Look',
    load: () => import('./trace.ts'),
  },
  {
    name: 'top',
    args: '[WHAT]',
    summary: 'who makes the noise: reasons, objects, components or namespaces, with when',
    group: 'Look',
    load: () => import('./top.ts'),
  },
  {
    name: 'listen',
    args: '',
    summary: 'listen to clusters and store every Event and every repeat, until Ctrl-C',
    group: 'Keep',
    load: () => import('./listen.ts'),
  },
  {
    name: 'serve',
    args: '',
    summary: 'listen, store and serve: the web UI, the API, metrics',
    group: 'Keep',
    load: () => import('./serve.ts'),
  },
  {
    name: 'proxy',
    args: '',
    summary: 'like kubectl proxy, with a long memory: recorded Events beside the live ones',
    group: 'Keep',
    load: () => import('./proxy.ts'),
  },
  {
    name: 'import',
    args: 'FILE…',
    summary: 'put dumps, exports and recordings into the store',
    group: 'Keep',
    load: () => import('./import.ts'),
  },
  {
    name: 'export',
    args: '[FILE]',
    summary: 'write the record to a file, from which import makes the same record',
    group: 'Keep',
    load: () => import('./export.ts'),
  },
  {
    name: 'replay',
    args: 'FILE',
    summary: 'play a recording as if it were happening now',
    group: 'Keep',
    load: () => import('./replay.ts'),
  },
  {
    name: 'version',
    args: '',
    summary: 'the version of Hark and of what it runs on',
    group: 'More',
    takesNothing: true,
    load: () => import('./version.ts'),
  },
  {
    name: 'completion',
    args: 'SHELL',
    summary: 'the script that teaches bash, zsh or fish to complete hark',
    group: 'More',
    load: () => import('./completion.ts'),
  },
];
