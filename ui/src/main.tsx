import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import './style/tokens.css';
import './style/base.css';
import './style/shell.css';
import './style/why.css';
import './style/timeline.css';
import './style/panel.css';

/** With a new token everything begins anew. */
function Root() {
  const [tokens, setTokens] = useState(0);
  return <App key={tokens} onToken={() => setTokens(tokens + 1)} />;
}

const root = document.getElementById('root');
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <Root />
    </StrictMode>,
  );
