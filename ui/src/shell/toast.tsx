import { useEffect, useState } from 'react';

const SHOWN_MS = 2_200;

/** Says shortly what was done. */
export function Toast() {
  const [text, setText] = useState('');
  useEffect(() => {
    let timer = 0;
    const onSay = (event: Event) => {
      setText(event instanceof CustomEvent ? String(event.detail) : '');
      window.clearTimeout(timer);
      timer = window.setTimeout(() => setText(''), SHOWN_MS);
    };
    window.addEventListener('hark-say', onSay);
    return () => {
      window.removeEventListener('hark-say', onSay);
      window.clearTimeout(timer);
    };
  }, []);
  return (
    <div role="status" className={text === '' ? 'hidden' : 'toast'}>
      {text}
    </div>
  );
}
