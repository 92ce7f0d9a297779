import { useEffect, useRef } from 'react';

const KEYS: readonly (readonly [keys: readonly string[], text: string])[] = [
  [['/'], 'search in messages'],
  [['+', '−'], 'closer, farther (also W and S; Ctrl and wheel; pinch)'],
  [['A', 'D'], 'earlier, later (also drag; Shift and wheel)'],
  [['0'], 'everything'],
  [['↑', '↓'], 'rows'],
  [['←', '→'], 'in the names: fold, unfold; in the timeline: what happened before, after'],
  [['Shift ←', 'Shift →'], 'in the histogram: what each column counts'],
  [['Enter'], 'into the row; tell more of what has the ring'],
  [['Esc'], 'close what tells more'],
  [['?'], 'this'],
];

export function HelpDialog({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="help" aria-labelledby="help-title" onClose={onClose}>
      <h2 id="help-title">Keys</h2>
      <dl>
        {KEYS.map(([keys, text]) => (
          <div key={text} style={{ display: 'contents' }}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit" className="button">
          Close
        </button>
      </form>
    </dialog>
  );
}
