import packageJson from '../../package.json' with { type: 'json' };
import { EXIT } from '../lib/errors.ts';
import type { CommandModule } from './command.ts';
import { printText } from './print.ts';

export const command: CommandModule = {
  outputs: ['text', 'json', 'yaml'],
  declare() {},
  async run(context, call) {
    const [version, runtime] = [packageJson.version, context.program.runtime];
    const forms: Record<string, string> = {
      text: `hark ${version} (${runtime})\n`,
      json: `${JSON.stringify({ version, runtime }, null, 2)}\n`,
      yaml: `version: ${version}\nruntime: ${runtime}\n`,
    };
    await printText(context.stdout, forms[call.globals.output] ?? '');
    return EXIT.done;
  },
};
