import type { Step } from '../stories/story.ts';
import type { Attributes } from './span.ts';

/** How the kubelet speaks of images: `Pulling image "…"`, `Failed to pull image "…"`, `Back-off pulling image "…"`, `Container image "…" already present`. */
const SPOKEN = /\bimage "([^"\s]+)"/i;
const REFERENCE = /^(?<name>[^@]+?)(?::(?<tag>[\w][\w.-]{0,127}))?(?:@(?<digest>[\w+.-]+:[0-9a-fA-F]+))?$/;

/** `container.image.name`, `.tags` and `.repo_digests` of the image that the kubelet speaks of in a step. */
export function nameImage({ object, message }: Pick<Step, 'object' | 'message'>): Attributes {
  const image = object.kind === 'Pod' ? SPOKEN.exec(message)?.[1] : undefined;
  const { name, tag, digest } = (image === undefined ? undefined : REFERENCE.exec(image)?.groups) ?? {};
  if (name === undefined) return {};
  return {
    'container.image.name': name,
    ...(tag !== undefined && { 'container.image.tags': [tag] }),
    ...(digest !== undefined && { 'container.image.repo_digests': [`${name}@${digest}`] }),
  };
}
