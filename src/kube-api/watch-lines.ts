import type { JsonObject } from '../events/print-event.ts';
import { type Kind, type KubeObject, type Shape, shapeObject, shapeRow } from './print-object.ts';
import { apiVersionOf } from './resources.ts';
import type { Status } from './status.ts';

/** Writes the lines of one watch. */
export interface LineWriter {
  object(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject): string;
  /** @param endsBeginning whether all that there was is told now */
  bookmark(resourceVersion: string, endsBeginning: boolean): string;
  error(status: Status): string;
}

/** (Kubernetes `metav1.InitialEventsAnnotationKey`.) */
const BEGINNING_ENDS = 'k8s.io/initial-events-end';

export function createLineWriter(kind: Kind, shape: Shape): LineWriter {
  /** The columns of a table stand in the first line alone. */
  let columns: Kind['columns'] | null = kind.columns;

  function write(type: string, object: KubeObject): string {
    if (shape.as?.kind !== 'Table') return format(type, shapeObject(object, shape));
    const { resourceVersion } = object.body.metadata;
    const table = {
      kind: 'Table',
      apiVersion: `meta.k8s.io/${shape.as.version}`,
      metadata: { resourceVersion },
      columnDefinitions: columns,
      rows: [shapeRow(object, shape)],
    };
    columns = null;
    return format(type, table);
  }

  return {
    object: write,
    bookmark: (resourceVersion, endsBeginning) =>
      write('BOOKMARK', {
        body: {
          kind: kind.resource.kind,
          apiVersion: apiVersionOf(kind.resource),
          metadata: {
            resourceVersion,
            creationTimestamp: null,
            ...(endsBeginning && { annotations: { [BEGINNING_ENDS]: 'true' } }),
          },
          ...kind.empty,
        },
        cells: () => kind.columns.map(() => ''),
      }),
    error: (status) => format('ERROR', status),
  };
}

function format(type: string, object: JsonObject | Status): string {
  return `${JSON.stringify({ type, object })}\n`;
}
