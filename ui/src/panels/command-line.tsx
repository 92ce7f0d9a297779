import { copyText } from '../shell/copy-text.ts';
import { Icon } from '../shell/icons.tsx';

/** A command to type, and a button that copies it. */
export function CommandLine({ command }: { command: string }) {
  return (
    <div className="command">
      <code>{command}</code>
      <button
        type="button"
        className="button icon"
        aria-label={`Copy ${command}`}
        title="Copy"
        onClick={() => copyText(command, 'Command copied')}
      >
        <Icon name="copy" />
      </button>
    </div>
  );
}
