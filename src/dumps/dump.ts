import type { ClusterInfo, CoverageStretch } from '../events/query.ts';
import type { Sighting } from '../events/sighting.ts';
import type { Micros } from '../lib/time.ts';
import type { Change } from '../objects/change.ts';
import type { LastState } from '../objects/last-state.ts';
import type { KubernetesObject } from '../objects/object.ts';

/** A Kubernetes object that is no Event, as a dump holds it. */
export interface DumpedObject {
  readonly kind: string;
  readonly object: Readonly<Record<string, unknown>>;
  /** When it was heard of, as a recording tells; undefined in other dumps. */
  readonly at: Micros | undefined;
  /** A watch told that it is gone. */
  readonly deleted: boolean;
}

/** What a part of a dump holds, of one cluster. */
export interface DumpBatch {
  /** The file it was read from, by its path within the dump; empty when the dump is that file. */
  readonly file: string;
  /** What the dump says of the cluster right there (a Hark export does; its name is empty in a part without the header); undefined when it does not. */
  readonly cluster: ClusterInfo | undefined;
  readonly sightings: readonly Sighting[];
  readonly coverage: readonly CoverageStretch[];
  /** Objects of other kinds; empty unless they were asked for. */
  readonly objects: readonly DumpedObject[];
  /** What a Hark export tells of objects; empty unless objects were asked for. */
  readonly states: readonly KubernetesObject[];
  /** What a Hark export tells of what objects were last; empty unless that was asked for. */
  readonly lastStates: readonly LastState[];
  /** What a Hark export tells that happened to objects; empty unless objects were asked for. */
  readonly changes: readonly Change[];
}

/** A cluster's identity met anywhere in a dump. */
export interface FoundCluster {
  readonly file: string;
  /** UID of its kube-system namespace. */
  readonly uid: string;
}

/** What was found in a dump, and what was not read. Grows while the dump is read. */
export interface DumpSummary {
  /** Files looked at; 1 for a single file. */
  files: number;
  /** Those that held Events. */
  filesWithEvents: number;
  /** Sightings of Events. */
  sightings: number;
  /** Objects of other kinds, by kind. */
  readonly others: Map<string, number>;
  /** Events and documents that could not be read, those aside that a file ends in the middle of; with the first reason. */
  unreadable: number;
  firstUnreadable: string;
  /** Lines between the documents that are neither. */
  textLines: number;
  /** Files that end in the middle of something. */
  readonly cut: Set<string>;
  /** Files and directories that could not be opened, with why. */
  readonly unopened: string[];
  /** Files of a kind that Hark does not read (an archive format, a table…), as a sentence each. */
  readonly refused: string[];
  readonly clusters: FoundCluster[];
  /** The API server's version, when the dump tells. */
  version: string;
}

export function startSummary(): DumpSummary {
  return {
    files: 0,
    filesWithEvents: 0,
    sightings: 0,
    others: new Map(),
    unreadable: 0,
    firstUnreadable: '',
    textLines: 0,
    cut: new Set(),
    unopened: [],
    refused: [],
    clusters: [],
    version: '',
  };
}
