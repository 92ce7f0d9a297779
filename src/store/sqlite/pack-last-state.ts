import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { listAt, type RawObject, textAt } from '../../objects/raw-object.ts';

/** As far as zlib looks back. */
const LONGEST_MODEL = 32 * 1024;

/** What makes two states alike: the same kind in the same namespace, which runs the same images. */
export function findLikeness(object: RawObject): string {
  const own = listAt(object, 'spec', 'containers');
  const containers = own.length > 0 ? own : listAt(object, 'spec', 'template', 'spec', 'containers');
  const images = containers.map((container) => textAt(container, 'image'));
  return JSON.stringify([textAt(object, 'kind'), textAt(object, 'metadata', 'namespace'), ...images]);
}

/** The part of a state's text that others like it are packed with. */
export function makeModel(text: string): Buffer {
  return Buffer.from(text).subarray(0, LONGEST_MODEL);
}

export function packModel(model: Uint8Array): Uint8Array {
  return deflateRawSync(model, { level: 9 });
}

export function unpackModel(packed: Uint8Array): Uint8Array {
  return inflateRawSync(packed);
}

export function packLastState(text: string, dictionary: Uint8Array): Uint8Array {
  return deflateRawSync(text, { level: 6, dictionary });
}

/** The JSON that was packed. */
export function unpackLastState(packed: Uint8Array, dictionary: Uint8Array): string {
  return inflateRawSync(packed, { dictionary }).toString('utf8');
}
