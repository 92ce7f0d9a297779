import type { Micros, MicrosLength } from '../../../src/lib/time.ts';
import type { ObjectId } from '../../../src/objects/object.ts';
import type { TimeWindow } from '../time/time-window.ts';

/** How something is meant to strike the eye. */
export type Tone = 'normal' | 'good' | 'warning' | 'bad' | 'busy' | 'quiet';

/** A step, or a whole story, of its real length. */
export interface Bar {
  /** What a click chooses. */
  readonly ref: MarkRef;
  readonly from: Micros;
  /** The end of what is known when it goes on. */
  readonly to: Micros;
  readonly open: boolean;
  readonly tone: Tone;
  /** `life`: the background for the others. */
  readonly weight: 'life' | 'step';
  readonly text: string;
}

/** A single moment: an Event, or (told apart) a change of an object. */
export interface Mark {
  readonly ref: MarkRef;
  readonly at: Micros;
  readonly is: 'event' | 'change';
  readonly tone: Tone;
  readonly text: string;
}

/** What is behind something drawn. */
export type MarkRef =
  | { readonly kind: 'story'; readonly id: string }
  | { readonly kind: 'step'; readonly story: string; readonly id: string }
  | ManyRef;

/** What happened in a row in a part of the window: one thing, or several that are too near to each other to be told apart here. */
export interface ManyRef {
  readonly kind: 'many';
  readonly row: string;
  readonly from: Micros;
  readonly to: Micros;
  readonly count: number;
}

export interface TimelineRow {
  readonly id: string;
  readonly depth: number;
  /** A Node, a namespace, or what Events tell of. */
  readonly object: ObjectId;
  /** The story that the row is, when rows are stories. */
  readonly story: string | null;
  /** As people type it: `deployment/podinfo`. */
  readonly label: string;
  readonly hasChildren: boolean;
  readonly isOpen: boolean;
  /** Happenings in the window, its own and those of the rows below. */
  readonly count: number;
  readonly warnings: number;
  readonly bars: readonly Bar[];
  readonly marks: readonly Mark[];
  /** Happenings per bucket; of a folded row those below it, too. */
  readonly normal: readonly number[];
  readonly warning: readonly number[];
}

/** A stretch that was not watched. */
export interface GapStretch extends TimeWindow {
  readonly text: string;
}

/** What a window of the record looks like: all that is drawn. */
export interface TimelineData {
  readonly window: TimeWindow;
  /** How long each of the equal parts of the window is that happenings are counted in. */
  readonly bucket: MicrosLength;
  /** A row after the row it stands below, children together. */
  readonly rows: readonly TimelineRow[];
  /** Rows that there was no room for. */
  readonly moreRows: number;
  readonly gaps: readonly GapStretch[];
  /** The latest happening of all that matches. */
  readonly end: Micros;
}
