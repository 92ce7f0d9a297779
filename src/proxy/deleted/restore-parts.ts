import type { JsonObject } from '../../events/print-event.ts';
import { formatTime } from '../../lib/rfc3339.ts';
import type { Micros } from '../../lib/time.ts';
import type { Change } from '../../objects/change.ts';

/** The one container of an object whose name nothing tells. */
const UNNAMED = 'unknown';

/** The containers whose images are known, with the last image of each. */
export function restoreContainers(
  changes: readonly Change[],
  onlyName = UNNAMED,
): { name: string; image: string }[] {
  const images = new Map<string, string>();
  for (const change of changes) {
    if (change.type !== 'created' && change.type !== 'spec-changed') continue;
    for (const { field, container, to } of change.fields)
      if (field === 'image' && to !== '') images.set(container || onlyName, to);
  }
  return [...images].map(([name, image]) => ({ name, image }));
}

export function restoreConditions(changes: readonly Change[]): JsonObject[] {
  const conditions = new Map<string, JsonObject>();
  for (const change of changes) {
    if (change.type !== 'condition-changed') continue;
    const { condition: type, to: status, reason, message, at } = change;
    conditions.set(type, {
      type,
      status: status || 'Unknown',
      lastTransitionTime: formatSecond(at),
      ...(reason !== '' && { reason }),
      ...(message !== '' && { message }),
    });
  }
  return [...conditions.values()];
}

/** As Kubernetes writes times of objects: in whole seconds. */
export function formatSecond(at: Micros): string {
  return formatTime(Math.floor(at / 1_000_000) * 1_000_000);
}
