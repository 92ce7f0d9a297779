import { EXIT, HarkError } from '../lib/errors.ts';
import type { CommandModule } from './command.ts';
import { COMPLETION_SCRIPTS } from './completion-scripts.ts';
import { printText } from './print.ts';

export const command: CommandModule = {
  outputs: ['text'],
  argumentKind: 'shell',
  examples: [
    ['source <(hark completion bash)', 'for this bash; put it in ~/.bashrc for all'],
    ['source <(hark completion zsh)', 'for this zsh; put it in ~/.zshrc, after compinit, for all'],
    ['hark completion fish > ~/.config/fish/completions/hark.fish', 'for fish'],
  ],
  declare(command) {
    command.argument('<shell>', 'bash, zsh or fish');
  },
  async run(context, call) {
    const shell = call.args[0] ?? '';
    const script = COMPLETION_SCRIPTS[shell];
    if (script === undefined) {
      throw new HarkError(
        'usage',
        `there is no completion for the shell "${shell}": there is for ${Object.keys(COMPLETION_SCRIPTS).join(', ')}`,
        {
          hint: `For example: source <(${context.program.name} completion bash)`,
        },
      );
    }
    await printText(context.stdout, script);
    return EXIT.done;
  },
};
