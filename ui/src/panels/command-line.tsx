import { Fragment } from 'react';
import { copyText } from '../shell/copy-text.ts';
import { Icon } from '../shell/icons.tsx';

/** A command to type, and a button that copies it. */
export function CommandLine({ command }: { command: string }) {
  return (
    <div className="command">
      <code>
        {command.split(' ').map((word, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: words may come twice, and stay where they are
          <Fragment key={index}>
            {index > 0 && ' '}
            <span className="word">{word}</span>
          </Fragment>
        ))}
      </code>
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
