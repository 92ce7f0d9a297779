import { formatAge } from '../events/event-age.ts';
import { formatHumanDuration } from '../events/human-duration.ts';
import { formatTime } from '../lib/rfc3339.ts';
import type { Micros } from '../lib/time.ts';
import type { ObjectId } from '../objects/object.ts';
import type { Finding } from '../stories/diagnose/finding.ts';
import { storyToJson } from '../stories/render/to-json.ts';
import { findingToJson } from '../stories/render/why-to-json.ts';
import type { Story } from '../stories/story.ts';
import type { Column } from './event-columns.ts';
import type { Told, ToldItem } from './history-log.ts';
import { makeUid } from './namespace-kind.ts';
import type { Kind, KubeObject } from './print-object.ts';
import type { ListOptions } from './read-list-options.ts';
import { formatResourceVersion } from './resource-version.ts';
import { apiVersionOf, type Resource, STORIES } from './resources.ts';
import { parseFieldSelector, selectByFields } from './select-fields.ts';
import { parseLabelSelector } from './select-labels.ts';

function column(name: string, priority: number, description: string): Column {
  return { name, type: 'string', format: '', description, priority };
}

const STORY_COLUMNS: readonly Column[] = [
  column('Object', 0, 'What it is about.'),
  column('Story', 0, 'rollout, scaling, run, incident, deletion or activity.'),
  column('Outcome', 0, 'How it ended, or where it stands.'),
  column('Began', 0, 'How long ago it began.'),
  column('Took', 0, 'How long it took; empty while it goes on.'),
  column('Title', 0, 'What began it.'),
  column('Summary', 1, 'Why it ended so.'),
  column('Name', 1, 'The id of the story.'),
];

const FINDING_COLUMNS: readonly Column[] = [
  column('Object', 0, 'What to look at first.'),
  column('Failure', 0, 'What is wrong, in a word that stays.'),
  column('State', 0, 'now, or healed.'),
  column('Since', 0, 'For how long.'),
  column('Count', 0, 'How often it was said.'),
  column('Says', 0, 'What is wrong, in a line.'),
  column('Set off by', 1, 'The change that most probably began it.'),
  column('Next', 1, 'The command to type next.'),
  column('Name', 1, 'The id of the finding.'),
];

/** How stories or findings are answered. */
export function historyKind(resource: Resource): Kind {
  const columns = resource === STORIES ? STORY_COLUMNS : FINDING_COLUMNS;
  return { resource, columns, empty: { status: {} } };
}

/** Where what is about an object in no namespace is looked for: in that of its Events. */
function namespaceOf({ namespace }: ObjectId): string {
  return namespace || 'default';
}

function nameOf({ kind, name }: ObjectId): string {
  return `${kind.toLowerCase()}/${name}`;
}

function print(
  resource: Resource,
  { id, object }: { readonly id: string; readonly object: ObjectId },
  from: Micros,
  version: number,
  status: object,
): KubeObject['body'] {
  return {
    kind: resource.kind,
    apiVersion: apiVersionOf(resource),
    metadata: {
      name: id,
      namespace: namespaceOf(object),
      uid: makeUid(`${object.cluster}/${resource.resource}/${id}`),
      resourceVersion: formatResourceVersion(version),
      creationTimestamp: formatTime(from),
    },
    status,
  };
}

/** @param asOf until when the record goes */
export function printTold({ item, version }: ToldItem, resource: Resource, asOf: Micros): KubeObject {
  return resource === STORIES
    ? printStory(item as Story, resource, version)
    : printFinding(item as Finding, resource, version, asOf);
}

function printStory(story: Story, resource: Resource, version: number): KubeObject {
  const { id, from, endsAt, object, kind, outcome, title, summary } = story;
  const { id: _, ...status } = storyToJson(story);
  const took = endsAt === undefined ? '' : formatHumanDuration(endsAt - from);
  return {
    body: print(resource, story, from, version, status),
    cells: (now) => [nameOf(object), kind, outcome, formatAge(from, now), took, title, summary, id],
  };
}

function printFinding(finding: Finding, resource: Resource, version: number, asOf: Micros): KubeObject {
  const { id, object, failure, state, since, count, says, setOffBy, next } = finding;
  const { id: _, ...status } = findingToJson(finding, asOf);
  const setOff = setOffBy?.says ?? '';
  return {
    body: print(resource, finding, since, version, status),
    cells: (now) => [nameOf(object), failure, state, formatAge(since, now), count, says, setOff, next, id],
  };
}

const FIELDS: ReadonlyMap<string, (item: Told) => string> = new Map([
  ['metadata.name', ({ id }: Told) => id],
  ['metadata.namespace', ({ object }: Told) => namespaceOf(object)],
  ['status.kind', (item: Told) => ('kind' in item ? item.kind : '')],
  ['status.outcome', (item: Told) => ('outcome' in item ? item.outcome : '')],
  ['status.state', (item: Told) => ('state' in item ? item.state : '')],
  ['status.failure', (item: Told) => ('failure' in item ? item.failure : '')],
  ['status.object.kind', ({ object }: Told) => object.kind],
  ['status.object.name', ({ object }: Told) => object.name],
]);

/**
 * Which of them are asked for.
 *
 * @param namespace empty: all
 * @param name empty: all
 * @throws StatusError 400 for a selector that is none
 */
export function selectTold(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  { fieldSelector, labelSelector }: Pick<ListOptions, 'fieldSelector' | 'labelSelector'>,
): (item: Told) => boolean {
  const isOfFields = selectByFields(parseFieldSelector(fieldSelector), FIELDS);
  // They have no labels.
  const isOfLabels = parseLabelSelector(labelSelector)({});
  return (item) =>
    isOfLabels &&
    (namespace === '' || namespaceOf(item.object) === namespace) &&
    (name === '' || item.id === name) &&
    isOfFields(item);
}
