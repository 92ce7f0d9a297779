import { type ReactNode, useEffect, useRef } from 'react';
import { Icon } from '../shell/icons.tsx';

/** What was chosen, beside the rest; below it on a narrow screen. Escape closes it. */
export function PanelFrame({
  label,
  onClose,
  children,
}: {
  label: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) onClose();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [onClose]);
  return (
    <aside className="panel" aria-label={label}>
      <div className="panel-head">
        <p className="panel-label">{label}</p>
        <div />
        <button
          ref={close}
          type="button"
          className="button icon"
          aria-label="Close"
          title="Close (Esc)"
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      </div>
      {children}
    </aside>
  );
}
