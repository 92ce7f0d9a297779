import { useRef } from 'react';

/** The value, held still while someone is pointing at what it makes: what is read must not move under the mouse. */
export function useHeld<T>(value: T, isHeld: boolean): T {
  const held = useRef(value);
  if (!isHeld) held.current = value;
  return held.current;
}
