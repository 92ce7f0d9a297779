import { fileURLToPath } from 'node:url';
import { keepUiBuilt } from '../../scripts/build-ui.ts';
import type { Sighting } from '../../src/events/sighting.ts';
import type { ServerOptions } from '../../src/server/open-server.ts';
import { type StartedServer, startServer } from '../server/start-server.ts';
import { CLUSTER, readSightings } from '../store/batches.ts';

export const PAGES = fileURLToPath(new URL('../../ui/dist', import.meta.url));

/** A cluster of several namespaces, of which some fare badly. */
export const MIXED: readonly Sighting[] = readSightings(
  'v1.36/z-mixed-all-namespaces/events-core-v1.jsonl',
).filter(({ deleted }) => !deleted);

/** Serves the pages, built when they are not, and a record of what is given. */
export async function servePages(
  sightings: readonly Sighting[],
  options: Partial<ServerOptions> = {},
): Promise<StartedServer> {
  await keepUiBuilt();
  return await startServer((store) => store.write({ cluster: CLUSTER, sightings }), {
    pages: PAGES,
    ...options,
  });
}
