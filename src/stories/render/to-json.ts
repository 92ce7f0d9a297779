import { formatMicroTime } from '../../lib/rfc3339.ts';
import { type Micros, type MicrosLength, SECOND } from '../../lib/time.ts';
import type { ObjectId } from '../../objects/object.ts';
import type { SetOff, Step, Story, Trouble } from '../story.ts';

/** The version of what `storiesToJson` makes. Fields may be added within one; a changed or removed field makes another. */
export const STORY_VERSION = 'hark.story/v1';

/** Any JSON value that holds no class instances. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * Stories as JSON: `{ apiVersion, kind: "StoryList", items }`. Times are RFC 3339 with microseconds, lengths are in seconds, what is not known
 * is null; docs/stories.md describes each field.
 */
export function storiesToJson(stories: readonly Story[]) {
  return { apiVersion: STORY_VERSION, kind: 'StoryList', items: stories.map(storyToJson) };
}

export type StoryJson = ReturnType<typeof storyToJson>;

export function storyToJson(story: Story) {
  return {
    id: story.id,
    kind: story.kind,
    object: objectToJson(story.object),
    owner: story.owner === undefined ? null : objectToJson(story.owner),
    inferred: story.inferred,
    title: story.title,
    outcome: story.outcome,
    summary: story.summary,
    notes: story.notes,
    from: time(story.from),
    lastAt: time(story.lastAt),
    endsAt: time(story.endsAt),
    root: story.root === undefined ? null : stepToJson(story.root),
    steps: story.steps.map(stepToJson),
    troubles: story.troubles.map(troubleToJson),
    objects: story.objects.map(objectToJson),
  };
}

/** A step and those below it. */
export type StepJson = ReturnType<typeof ownFields> & { readonly steps: readonly StepJson[] };

function stepToJson(step: Step): StepJson {
  return { ...ownFields(step), steps: step.steps.map(stepToJson) };
}

function ownFields(step: Step) {
  return {
    id: step.id,
    source: step.source,
    object: objectToJson(step.object),
    container: step.container,
    type: step.type,
    reason: step.reason,
    message: step.message,
    lastMessage: step.lastMessage,
    says: step.says,
    by: step.by,
    host: step.host,
    at: time(step.at),
    precise: step.precise,
    lastAt: time(step.lastAt),
    count: step.count,
    occurrences: step.occurrences.map(({ at, count }) => ({ at: time(at), count })),
    severity: step.severity,
    echo: step.echo,
    outcome: step.outcome,
    endsAt: time(step.endsAt),
    took: length(step.took),
    sources: step.sources,
  };
}

export function troubleToJson(trouble: Trouble) {
  return {
    failure: trouble.failure,
    subject: trouble.subject,
    object: objectToJson(trouble.object),
    container: trouble.container,
    says: trouble.says,
    means: trouble.means,
    severity: trouble.severity,
    firstError: trouble.firstError,
    firstAt: time(trouble.firstAt),
    lastError: trouble.lastError,
    lastAt: time(trouble.lastAt),
    count: trouble.count,
    endedAt: time(trouble.endedAt),
    ended: trouble.ended ?? null,
    steps: trouble.steps,
    setOffBy: setOffToJson(trouble.setOffBy),
    mendedBy: setOffToJson(trouble.mendedBy),
  };
}

/** What set something off; null when that is not known. */
export function setOffToJson(setOffBy: SetOff | undefined) {
  if (setOffBy === undefined) return null;
  const { how, object, at, by, says, confidence, because } = setOffBy;
  return { how, object: objectToJson(object), at: time(at), by, says, confidence, because };
}

export type ObjectJson = ReturnType<typeof objectToJson>;

export function objectToJson({ cluster, apiVersion, kind, namespace, name, uid }: ObjectId) {
  return { cluster, apiVersion, kind, namespace, name, uid };
}

export function time(at: Micros): string;
export function time(at: Micros | undefined): string | null;
export function time(at: Micros | undefined): string | null {
  return at === undefined ? null : formatMicroTime(at);
}

export function length(took: MicrosLength): number;
export function length(took: MicrosLength | undefined): number | null;
export function length(took: MicrosLength | undefined): number | null {
  return took === undefined ? null : took / SECOND;
}
