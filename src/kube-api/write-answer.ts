import type { JsonObject } from '../events/print-event.ts';
import { formatYaml } from '../lib/format-yaml.ts';
import type { KubeAnswer, KubeRequest } from './kube-api.ts';
import type { Wish } from './negotiate.ts';
import type { Status } from './status.ts';

/** How an answer is written. */
export interface Writing {
  readonly format: Wish['format'];
  /** Over several lines. */
  readonly pretty: boolean;
}

/** What of a request says how its answer is written. */
export function readWriting(
  { userAgent = '' }: Pick<KubeRequest, 'userAgent'>,
  params: URLSearchParams,
  format: Wish['format'],
): Writing {
  const wish = params.get('pretty') ?? '';
  // Whoever types a request by hand is to read the answer. (k8s.io/apiserver isPrettyPrint.)
  const pretty = wish === '' ? /^(?:curl|Wget|Mozilla\/5\.0)/.test(userAgent) : /^(?:1|t|true)$/i.test(wish);
  return { format, pretty };
}

const TYPES = { json: 'application/json', yaml: 'application/yaml' };

export function headersFor(format: Wish['format']): Record<string, string> {
  return { 'content-type': TYPES[format], 'cache-control': 'no-cache, private' };
}

export function writeObject(status: number, object: object, writing: Writing): KubeAnswer {
  return {
    status,
    headers: headersFor(writing.format),
    body: formatObject(object, writing),
    isWatch: false,
  };
}

export function writeStatus(status: Status, writing: Writing): KubeAnswer {
  return writeObject(status.code, status, writing);
}

function formatObject(object: object, { format, pretty }: Writing): string {
  if (format === 'yaml') return formatYaml(object);
  return `${JSON.stringify(object, null, pretty ? 2 : undefined)}\n`;
}

/** A list: what it says of itself, and its items under a name, in pages. */
export interface LongList {
  readonly head: JsonObject;
  readonly itemsName: string;
  readonly pages: AsyncIterable<readonly JsonObject[]>;
}

/** Writes a list piece by piece, so that it is never held as a whole. */
export function writeList(list: LongList, writing: Writing): KubeAnswer {
  const pieces = writing.format === 'yaml' ? writeYaml(list) : writeJson(list, writing.pretty);
  return { status: 200, headers: headersFor(writing.format), body: pieces, isWatch: false };
}

async function* writeJson({ head, itemsName, pages }: LongList, pretty: boolean): AsyncGenerator<string> {
  const space = pretty ? 2 : undefined;
  const begin = JSON.stringify({ ...head, [itemsName]: [] }, null, space).replace(/\]\n?\}$/, '');
  const [before, between, end] = pretty ? ['\n    ', ',\n    ', '\n  ]\n}\n'] : ['', ',', ']}\n'];
  yield begin;
  let isFirst = true;
  for await (const page of pages) {
    const text = page.map((item, index) => {
      const json = JSON.stringify(item, null, space);
      return (isFirst && index === 0 ? before : between) + (pretty ? json.replaceAll('\n', '\n    ') : json);
    });
    isFirst &&= page.length === 0;
    if (text.length > 0) yield text.join('');
  }
  yield isFirst ? ']'.concat(pretty ? '\n}\n' : '}\n') : end;
}

/** Keys in the order of their names, as the API server's. */
async function* writeYaml({ head, itemsName, pages }: LongList): AsyncGenerator<string> {
  const entries = Object.entries(head);
  const part = (chosen: (name: string) => boolean) => {
    const some = Object.fromEntries(entries.filter(([name]) => chosen(name)));
    return Object.keys(some).length === 0 ? '' : formatYaml(some);
  };
  yield part((name) => name < itemsName);
  let isEmpty = true;
  for await (const page of pages) {
    if (page.length === 0) continue;
    yield (isEmpty ? `${itemsName}:\n` : '') + formatYaml(page);
    isEmpty = false;
  }
  yield (isEmpty ? `${itemsName}: []\n` : '') + part((name) => name > itemsName);
}
