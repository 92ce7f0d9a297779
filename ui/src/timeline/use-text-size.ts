import { useEffect, useState } from 'react';

/** How large the page's text is in CSS pixels, as the style sheet has it for this screen: what is drawn is as large as what is written. */
export function useTextSize(): number {
  const [size, setSize] = useState(readTextSize);
  useEffect(() => {
    const onResize = () => setSize(readTextSize());
    window.addEventListener('resize', onResize);
    return () => window.removeEventListener('resize', onResize);
  }, []);
  return size;
}

function readTextSize(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}
