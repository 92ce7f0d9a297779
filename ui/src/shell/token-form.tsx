import { useState } from 'react';
import { keepToken } from '../api/token.ts';
import { StateMessage } from './state-message.tsx';

/** Asked for when the server wants to know who is there. */
export function TokenForm({ onToken, wasWrong }: { onToken: () => void; wasWrong: boolean }) {
  const [token, setToken] = useState('');
  return (
    <StateMessage icon="lock" title="This Hark asks for a token">
      <p>
        {wasWrong
          ? 'That was not the token.'
          : 'It is what the server was given with --token-file. It stays in this tab alone.'}
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          keepToken(token.trim());
          onToken();
        }}
      >
        <input
          className="field"
          type="password"
          aria-label="Token"
          autoComplete="current-password"
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
        />
        <button type="submit" className="button primary">
          Continue
        </button>
      </form>
    </StateMessage>
  );
}
