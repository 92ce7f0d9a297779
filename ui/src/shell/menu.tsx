import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Icon, type IconName } from './icons.tsx';

interface MenuProps {
  readonly label: string;
  readonly icon: IconName;
  readonly items: readonly {
    readonly text: string;
    readonly onChoose: () => void;
    readonly hint?: ReactNode;
  }[];
}

/** A button with a list of things to do. */
export function Menu({ label, icon, items }: MenuProps) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    const onOutside = (event: Event) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      setOpen(false);
      root.current?.querySelector('button')?.focus();
    };
    window.addEventListener('pointerdown', onOutside);
    window.addEventListener('focusin', onOutside);
    window.addEventListener('keydown', onKey, true);
    return () => {
      window.removeEventListener('pointerdown', onOutside);
      window.removeEventListener('focusin', onOutside);
      window.removeEventListener('keydown', onKey, true);
    };
  }, [isOpen]);
  return (
    <div className="menu" ref={root}>
      <button
        type="button"
        className="button icon"
        aria-label={label}
        title={label}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name={icon} />
      </button>
      {isOpen && (
        <div className="menu-list">
          {items.map(({ text, onChoose, hint }) => (
            <button
              key={text}
              type="button"
              onClick={() => {
                setOpen(false);
                onChoose();
              }}
            >
              {text}
              {hint}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
