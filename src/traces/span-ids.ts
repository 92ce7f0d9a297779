import { hash as hashOnce } from 'node:crypto';
import type { Story } from '../stories/story.ts';

/**
 * The ids of a story's trace and of its spans. Made of the story's and the step's own ids, which are made of the identity of what they tell
 * (cluster, object, first Event): whoever exports the same story, again or elsewhere, gives the same ids, and what is learned of later joins
 * its trace. Never all zeros, which OpenTelemetry forbids.
 */
export function traceIdOf(story: Pick<Story, 'id' | 'object'>): string {
  return hash(`trace/${story.object.cluster}/${story.id}`, 16);
}

/** Of the story itself. */
export function rootIdOf(story: Pick<Story, 'id' | 'object'>): string {
  return hash(`root/${story.object.cluster}/${story.id}`, 8);
}

/** Of one of its steps; the same step in another story gets another id. */
export function spanIdOf(traceId: string, stepId: string): string {
  return hash(`span/${traceId}/${stepId}`, 8);
}

function hash(text: string, bytes: number): string {
  const digest = hashOnce('sha256', text, 'hex');
  const id = digest.slice(0, 2 * bytes);
  return /[^0]/.test(id) ? id : digest.slice(-2 * bytes);
}
