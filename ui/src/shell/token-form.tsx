import { useState } from 'react';
import { keepToken } from '../api/token.ts';
import { StateMessage } from './state-message.tsx';

/**
 * Asked for when the server wants to know who is there.
 *
 * @param says why the token before was refused
 */
export function TokenForm({ onToken, says }: { onToken: () => void; says: string | undefined }) {
  const [token, setToken] = useState('');
  return (
    <StateMessage icon="lock" title="This Hark asks for a token">
      <p>
        {says ??
          'It is one of yours in the cluster, or what the server was given with --token-file. It stays in this tab alone.'}
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
