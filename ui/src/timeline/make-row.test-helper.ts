import type { TimelineRow } from './timeline-data.ts';

/** A row with nothing in it but what is given: for tests of what is done with rows. */
export function makeRow(given: Partial<TimelineRow>): TimelineRow {
  return {
    id: 'row',
    depth: 0,
    object: { cluster: 'c', apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web-1', uid: '' },
    story: null,
    label: 'pod/web-1',
    hasChildren: false,
    isOpen: false,
    count: 0,
    warnings: 0,
    bars: [],
    marks: [],
    normal: [],
    warning: [],
    ...given,
  };
}
