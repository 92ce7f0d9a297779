import { ask } from './guarded-server.ts';

/** A request that a route answers. */
export interface WalkedRoute {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface OpenApi {
  readonly paths: Readonly<Record<string, { readonly get?: Operation }>>;
}

interface Operation {
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly schema?: { readonly enum?: readonly string[] };
  }[];
}

/** Values for the parameters of whatever route. A new parameter needs one here, or the walk fails. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  bars: ['3'],
  by: [],
  cluster: ['demo', 'none'],
  collapse: [],
  component: ['kubelet'],
  cursor: [],
  expand: ['all'],
  for: ['deploy/podinfo', 'pod/none'],
  grep: ['(?i)back-off', '.'],
  group: [],
  kind: ['Pod', 'Job'],
  lastEventId: [],
  limit: ['2'],
  namespace: ['shop'],
  offset: ['1'],
  only: [],
  order: [],
  outcome: ['failed', 'succeeded'],
  parts: ['4'],
  reason: ['BackOff'],
  reasons: ['3'],
  rows: ['5'],
  since: ['2026-11-23T16:26:00Z'],
  text: ['image', 'job'],
  type: ['Warning'],
  until: ['2026-11-23T16:27:00Z'],
  width: ['60'],
};

/** Routes that do not answer once, or not of the record. */
const APART: ReadonlySet<string> = new Set(['/v1/live', '/healthz', '/readyz', '/metrics']);
/** Where the ids come from that a route's path wants. */
const IDS: Readonly<Record<string, string>> = {
  '/v1/events/{id}': '/v1/events?limit=5000',
  '/v1/stories/{id}': '/v1/stories?limit=1000',
};

/**
 * Asks a server which routes it has, and makes requests that each answers: without parameters, with each by itself, as lines, and page by page. A route or
 * parameter that is not known here is an error: say above how it is asked, and everything that is tested by it covers it.
 */
export async function walkRoutes(url: string): Promise<WalkedRoute[]> {
  const { paths } = JSON.parse((await ask(url, '/openapi.json')).text) as OpenApi;
  const routes: WalkedRoute[] = [];
  for (const [path, { get }] of Object.entries(paths)) {
    if (APART.has(path)) continue;
    const add = (query: string) => routes.push({ path: `${path}${query}`, headers: {} });
    if (path.includes('{')) {
      for (const id of await readIds(url, path))
        routes.push({ path: path.replace('{id}', encodeURIComponent(id)), headers: {} });
      continue;
    }
    add('');
    routes.push({ path, headers: { accept: 'application/x-ndjson' } });
    for (const { name, in: place, schema } of get?.parameters ?? []) {
      const values = schema?.enum ?? VALUES[name];
      if (place !== 'query' || values === undefined)
        throw new Error(`say in ${import.meta.filename} how parameter "${name}" of ${path} is asked`);
      for (const value of values) add(`?${name}=${encodeURIComponent(value)}`);
    }
  }
  return routes;
}

async function readIds(url: string, path: string): Promise<string[]> {
  const list = IDS[path];
  if (list === undefined)
    throw new Error(`say in ${import.meta.filename} where the ids of ${path} come from`);
  const { items } = JSON.parse((await ask(url, list)).text) as { items: readonly { id: string }[] };
  return items.slice(0, 20).map(({ id }) => id);
}

/** An answer without what is another on every server: places in the record's history, the names of walks, the order of lines. */
export function formatMasked(text: string): string {
  const ordered = text.split('\n').sort().join('\n');
  return ordered
    .replace(/"?resourceVersion"?: ?"?\d+"?/g, 'resourceVersion')
    .replace(/"?continue"?: ?"?[\w-]+"?/g, 'continue')
    .replace(/"live":"\d+"/g, '"live":"…"')
    .replace(/"next":"[\w-]+"/g, '"next":"…"');
}
