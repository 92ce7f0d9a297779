import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const ROOT = fileURLToPath(new URL('recordings/', import.meta.url));

/** One line of a recorded watch: what the API server sent, and when it arrived (RFC 3339; empty where not recorded). */
export interface RecordedLine {
  readonly at: string;
  readonly type: string;
  readonly object: unknown;
}

/** The absolute path of a recording, which may be gzipped on disk: `v1.20/b-bad-image/events-core-v1.jsonl`. */
export function recordingPath(path: string): string {
  const plain = ROOT + path;
  return existsSync(plain) ? plain : `${plain}.gz`;
}

export function hasRecording(path: string): boolean {
  return existsSync(recordingPath(path));
}

/** The bytes of a recording, unzipped. */
export function readRecordingBytes(path: string): Buffer {
  const file = recordingPath(path);
  const bytes = readFileSync(file);
  return file.endsWith('.gz') && !path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

/** The text of a recording. */
export function readRecording(path: string): string {
  return readRecordingBytes(path).toString('utf8');
}

/** The lines of a `.jsonl` recording, parsed. */
export function readRecordedJsonLines(path: string): unknown[] {
  return readRecording(path)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}

/** The lines of a recorded watch, with or without times of arrival. */
export function readRecordedWatch(path: string): RecordedLine[] {
  return readRecordedJsonLines(path).map((value) => {
    const line = value as {
      at?: string;
      watch?: { type: string; object: unknown };
      type: string;
      object: unknown;
    };
    const { type, object } = line.watch ?? line;
    return { at: line.at ?? '', type, object };
  });
}

/** The recorded scenarios as folders: `v1.20/a-healthy-rollout`, … (`_wire` and `x-expiry` hold other things and are not among them). */
export function listScenarios(): string[] {
  return ['v1.20', 'v1.36'].flatMap((version) =>
    readdirSync(ROOT + version)
      .filter((name) => name !== '_wire' && name !== 'x-expiry')
      .sort()
      .map((name) => `${version}/${name}`),
  );
}

/** The names in a folder of recordings, without `.gz`. */
export function listRecordings(folder: string): string[] {
  return readdirSync(ROOT + folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name.replace(/\.gz$/, ''))
    .sort();
}
