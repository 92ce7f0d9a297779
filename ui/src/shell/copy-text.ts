/** Puts text on the clipboard and says so (`toast.tsx` listens). Where the browser forbids it, says that. */
export function copyText(text: string, said: string): void {
  const done =
    navigator.clipboard === undefined
      ? Promise.reject(new Error('no clipboard'))
      : navigator.clipboard.writeText(text);
  done.then(
    () => say(said),
    () => say('The browser does not let this page copy'),
  );
}

export function say(text: string): void {
  window.dispatchEvent(new CustomEvent('hark-say', { detail: text }));
}
