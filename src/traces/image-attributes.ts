import type { Step } from '../stories/story.ts';
import type { Gathered } from './object-attributes.ts';

/** How the kubelet speaks of images: `Pulling image "…"`, `Failed to pull image "…"`, `Back-off pulling image "…"`, `Container image "…" already present`. */
const SPOKEN = /\bimage "([^"\s]+)"/i;
const REFERENCE = /^(?<name>[^@]+?)(?::(?<tag>[\w][\w.-]{0,127}))?(?:@(?<digest>[\w+.-]+:[0-9a-fA-F]+))?$/;

/** Adds `container.image.name`, `.tags` and `.repo_digests` of the image that the kubelet speaks of in a step. */
export function putImage(into: Gathered, { object, message }: Pick<Step, 'object' | 'message'>): void {
  const image = object.kind === 'Pod' ? SPOKEN.exec(message)?.[1] : undefined;
  const { name, tag, digest } = (image === undefined ? undefined : REFERENCE.exec(image)?.groups) ?? {};
  if (name === undefined) return;
  into['container.image.name'] = name;
  if (tag !== undefined) into['container.image.tags'] = [tag];
  if (digest !== undefined) into['container.image.repo_digests'] = [`${name}@${digest}`];
}
