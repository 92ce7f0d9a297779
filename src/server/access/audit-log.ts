import { randomUUID } from 'node:crypto';
import { appendFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { formatMicroTime } from '../../lib/rfc3339.ts';
import type { Micros } from '../../lib/time.ts';
import type { Identity } from './identity.ts';

/** Where it is told who read what. */
export interface AuditLog {
  write(entry: AuditEntry): void;
  /** Entries that could not be written. */
  lost(): number;
}

export interface AuditEntry {
  readonly stage: 'RequestReceived' | 'ResponseComplete';
  readonly id: string;
  readonly uri: string;
  readonly verb: string;
  /** Undefined: not known. */
  readonly identity: Identity | undefined;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly resource?: AuditedResource | undefined;
  /** Undefined: it is not answered yet. */
  readonly status: number | undefined;
  readonly receivedAt: Micros;
  readonly at: Micros;
  readonly isAllowed: boolean;
  /** Why it was refused; empty when it was not. */
  readonly reason: string;
}

export interface AuditedResource {
  readonly cluster: string | undefined;
  readonly apiGroup: string;
  readonly apiVersion: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

export interface AuditLogOptions {
  /** A file, or `-`: stdout. */
  readonly path: string;
  readonly print: (line: string) => void;
  /** The file is renamed before it grows beyond so many bytes; undefined: never. */
  readonly maxBytes: number | undefined;
  /** Renamed files that are kept: `FILE.1` is the latest. */
  readonly maxBackups: number;
  /** Told once that entries are lost, and why. */
  readonly report: (error: Error) => void;
}

export function makeAuditId(): string {
  return randomUUID();
}

/** Writes a line of JSON for each, by the field names of audit.k8s.io/v1 `Event`. What cannot be written is counted and told. */
export function openAuditLog({ path, print, maxBytes, maxBackups, report }: AuditLogOptions): AuditLog {
  let size = path === '-' ? 0 : sizeOf(path);
  let lost = 0;
  let isFailing = false;

  function append(line: string): void {
    if (path === '-') {
      print(line);
      return;
    }
    const bytes = Buffer.byteLength(line);
    if (maxBytes !== undefined && size > 0 && size + bytes > maxBytes) {
      rotate(path, maxBackups);
      size = 0;
    }
    appendFileSync(path, line, { mode: 0o600 });
    size += bytes;
  }

  return {
    write(entry) {
      try {
        append(`${JSON.stringify(formatEntry(entry))}\n`);
        isFailing = false;
      } catch (error) {
        lost += 1;
        if (!isFailing) report(error instanceof Error ? error : new Error(String(error)));
        isFailing = true;
      }
    },
    lost: () => lost,
  };
}

function formatEntry(entry: AuditEntry): object {
  const { identity, resource } = entry;
  const { cluster, ...objectRef } = resource ?? {};
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: entry.id,
    stage: entry.stage,
    requestURI: entry.uri,
    verb: entry.verb,
    user: identity && {
      username: identity.username,
      ...(identity.uid !== '' && { uid: identity.uid }),
      groups: identity.groups,
      ...(Object.keys(identity.extra).length > 0 && { extra: identity.extra }),
    },
    sourceIPs: [entry.sourceIp],
    userAgent: entry.userAgent,
    ...(resource !== undefined && {
      objectRef: Object.fromEntries(Object.entries(objectRef).filter(([, value]) => value !== '')),
    }),
    ...(entry.status !== undefined && { responseStatus: { code: entry.status } }),
    requestReceivedTimestamp: formatMicroTime(entry.receivedAt),
    stageTimestamp: formatMicroTime(entry.at),
    annotations: {
      'authorization.k8s.io/decision': entry.isAllowed ? 'allow' : 'forbid',
      ...(entry.reason !== '' && { 'authorization.k8s.io/reason': entry.reason }),
      ...(cluster !== undefined && { 'history.hark.dev/cluster': cluster }),
    },
  };
}

function rotate(path: string, maxBackups: number): void {
  if (maxBackups === 0) {
    rmSync(path, { force: true });
    return;
  }
  for (let number = maxBackups - 1; number >= 1; number--)
    if (sizeOf(`${path}.${number}`) > 0) renameSync(`${path}.${number}`, `${path}.${number + 1}`);
  renameSync(path, `${path}.1`);
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
