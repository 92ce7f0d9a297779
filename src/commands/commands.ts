import type { CommandModule } from './command.ts';

/** A command as `hark --help` lists it; its code is loaded only when it is run. */
export interface CommandEntry {
  readonly name: string;
  /** As in its usage line: `KIND/NAME…`. */
  readonly args: string;
  /** One line, begins in lower case, no full stop. */
  readonly summary: string;
  readonly group: 'Look' | 'Keep' | 'More' | 'hidden';
  readonly load: () => Promise<{ readonly command: CommandModule }>;
}

/** Every command, in the order of `hark --help`. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'version',
    args: '',
    summary: 'the version of Hark and of what it runs on',
    group: 'More',
    load: () => import('./version.ts'),
  },
];
