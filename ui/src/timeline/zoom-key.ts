import type { Micros } from '../../../src/lib/time.ts';
import { lengthOf, panWindow, type TimeWindow, zoomWindow } from '../time/time-window.ts';

/** Where a key leads to: plus and minus (or W and S) closer and farther, A and D earlier and later. Undefined: it is not such a key. */
export function zoomKey(key: string, window: TimeWindow, around: Micros | undefined): TimeWindow | undefined {
  const middle = (window.from + window.to) / 2;
  const isSeen = around !== undefined && around >= window.from && around <= window.to;
  switch (key.toLowerCase()) {
    case '+':
    case '=':
    case 'w':
      return zoomWindow(window, 0.6, isSeen ? around : middle);
    case '-':
    case '_':
    case 's':
      return zoomWindow(window, 1 / 0.6, isSeen ? around : middle);
    case 'a':
      return panWindow(window, -lengthOf(window) / 5);
    case 'd':
      return panWindow(window, lengthOf(window) / 5);
    default:
      return undefined;
  }
}
