import assert from 'node:assert/strict';
import { CORE_SCHEMA, load } from 'js-yaml';
import { type Printed, type Reply, runKubectl, type TwoServers } from './two-servers.ts';

// biome-ignore lint/suspicious/noExplicitAny: what is answered is looked at field by field
export type Json = any;

/** What must be the same of both: not what a server numbers, times and describes by itself, nor what Hark leaves out. */
function normalise(value: Json, exactWords: boolean, key = ''): Json {
  if (Array.isArray(value)) {
    const all = value.map((one) => normalise(one, exactWords));
    return key === 'items' || key === 'rows' ? all.sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1)) : all;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (value.kind === 'Status') return normaliseStatus(value, exactWords);
  if (value.kind === 'APIResourceList') return normaliseResources(value);
  const { managedFields: _, resourceVersion, remainingItemCount: __, selfLink: ___, ...rest } = value;
  // An object's own, not the one of the object that an Event is about.
  const kept = 'name' in value && 'kind' in value ? value : rest;
  if (key === 'metadata' && resourceVersion !== '') assert.match(resourceVersion, /^[1-9]\d*$/);
  if (value.kind === 'Table') {
    const columns = value.columnDefinitions?.map(({ description, ...column }: Json) => {
      assert.ok(description.length > 0);
      return column;
    });
    return { ...normaliseFields(kept, exactWords), columnDefinitions: columns };
  }
  if (value.kind === 'Namespace') return normaliseNamespace(value);
  if (value.serverAddressByClientCIDRs !== undefined) return { ...kept, serverAddressByClientCIDRs: [] };
  return normaliseFields(kept, exactWords);
}

function normaliseFields(value: Json, exactWords: boolean): Json {
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, normalise(field, exactWords, key)]),
  );
}

/** Words change from version to version, codes and reasons do not. */
function normaliseStatus(status: Json, exactWords: boolean): Json {
  const { message, details, ...rest } = status;
  return exactWords && status.code !== 405 && status.code !== 406
    ? { ...rest, message, causes: details?.causes?.map((cause: Json) => cause.field) }
    : rest;
}

/** Hark reads, and has but some of them. */
function normaliseResources({ resources, ...list }: Json): Json {
  const some = resources.filter(({ name }: Json) => name === 'events' || name === 'namespaces');
  const { storageVersionHash: _, singularName: __, verbs: ___, ...one } = some[0];
  return { ...list, names: some.map(({ name }: Json) => name), one };
}

/** Of a namespace Hark knows its name and its first Event. */
function normaliseNamespace({ kind, apiVersion, metadata, status }: Json): Json {
  return { kind, apiVersion, status, name: metadata.name };
}

function textOf(item: Json): string {
  return item.metadata?.name ?? item.cells?.at(-1) ?? '';
}

export function readReply(reply: Reply, exactWords: boolean): Json {
  const { status, type, body } = reply;
  const isJson = type.startsWith('application/json') && body !== '';
  const isYaml = type.startsWith('application/yaml');
  const parsed = isJson ? JSON.parse(body) : isYaml ? load(body, { schema: CORE_SCHEMA }) : undefined;
  const value = parsed === undefined ? body.trim() : normalise(parsed, exactWords);
  return { status, type: type.split(';')[0], value };
}

/** What people ask kubectl for. */
export const COMMANDS = [
  'get events -A',
  'get ev -n jobs -o wide',
  'get events.events.k8s.io -n jobs',
  'get events -A -o name --chunk-size=7',
  'get events -n default -o json',
  'get events -n default -o yaml',
  'get events -n default labelled.1 -o jsonpath={.metadata.labels}',
  'get events -A --field-selector type=Warning,involvedObject.kind=Pod',
  'get events -A --field-selector foo=bar',
  'get events -A -l app in (web,api) --show-labels',
  'get events -n jobs --sort-by=.metadata.name -o custom-columns=N:.metadata.name,R:.reason',
  'get events -n none',
  'get events -n default none',
  'get namespace default -o name',
  'events -n jobs',
  'events -A --types=Warning',
  'events -n default --for configmap/a,b=c',
].map((line) => line.split(/ (?!in|\(web)/));

/** What was printed, the lines in any order, without what a server numbers. */
function readPrinted({ code, stdout, stderr }: Printed): Json {
  const isJson = stdout.startsWith('{') && stdout.includes('"kind"');
  if (isJson) return { code, stderr, value: normalise(JSON.parse(stdout), true) };
  if (stdout.startsWith('apiVersion:'))
    return { code, stderr, value: normalise(load(stdout, { schema: CORE_SCHEMA }), true) };
  const lines = stdout.split('\n');
  return { code, stderr, lines: lines.map((line) => line.trimEnd()).sort() };
}

/** What is different, in words; empty when nothing is. */
export async function tellDifference(compare: () => Promise<void>): Promise<string> {
  try {
    await compare();
    return '';
  } catch (error) {
    return (error as Error).message.slice(0, 1500);
  }
}

/** Runs commands of kubectl against both; throws with what is not the same. */
export async function compareKubectl(
  kubectl: string,
  { real, hark }: TwoServers,
  commands: readonly (readonly string[])[],
): Promise<void> {
  const wrong: string[] = [];
  const { stdout: help } = await runKubectl(kubectl, hark, ['--help']);
  for (const args of commands) {
    // `kubectl events` came with 1.23.
    if (args[0] === 'events' && !/^ +events /m.test(help)) continue;
    const why = await tellDifference(async () => {
      const [one, other] = await Promise.all([
        runKubectl(kubectl, real, args),
        runKubectl(kubectl, hark, args),
      ]);
      assert.deepEqual(readPrinted(other), readPrinted(one));
      assert.ok(other.stdout !== '' || other.stderr !== '');
    });
    if (why !== '') wrong.push(`${args.join(' ')}\n${why}`);
  }
  assert.ok(wrong.length === 0, wrong.join('\n\n'));
}
