import { useLayoutEffect, useRef } from 'react';
import type { Description } from './describe-box.ts';
import type { Size } from './use-canvas.ts';

/** Beside the place that is pointed at, and never beyond the edges. */
export function Tooltip(props: { description: Description; x: number; y: number; within: Size }) {
  const { description, x, y, within } = props;
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const box = element.current;
    if (box === null) return;
    const left = Math.max(4, Math.min(x + 14, within.width - box.offsetWidth - 4));
    const isBelow = y + 18 + box.offsetHeight < within.height;
    const top = isBelow ? y + 18 : Math.max(4, y - box.offsetHeight - 12);
    box.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  });
  return (
    <div ref={element} className="tooltip" aria-hidden="true">
      <strong>{description.title}</strong>
      {description.lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </div>
  );
}
