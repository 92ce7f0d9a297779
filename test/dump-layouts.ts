import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { dump } from 'js-yaml';
import { pack } from 'tar-stream';

/** Files by their path; `/` separates directories. */
export type Layout = Readonly<Record<string, string | Uint8Array>>;

type Wire = Readonly<Record<string, unknown>>;

/** A directory of its own for a test, gone afterwards. */
export async function makeTempDirectory(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'hark-test-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** Writes the files below a directory. */
export async function writeLayout(directory: string, layout: Layout): Promise<void> {
  for (const [path, content] of Object.entries(layout)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
  }
}

/** The files as a tar archive. */
export async function packTar(layout: Layout): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(layout)) archive.entry({ name }, Buffer.from(content));
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** YAML in the style of kubectl and oc. */
export function printKubectlYaml(value: unknown): string {
  return dump(value, { seqNoIndent: true, noRefs: true, lineWidth: -1 });
}

/**
 * What `oc adm must-gather` leaves behind (openshift/oc, pkg/cli/admin/inspect; openshift/must-gather, collection-scripts): a directory per image, in it
 * `namespaces/NS/core/events.yaml`, logs, audit logs and a page made of the Events.
 */
export function layOutMustGather(events: readonly Wire[], clusterUid: string): Layout {
  const image =
    'must-gather.local.5421342344627712289/quay-io-openshift-release-dev-ocp-v4-0-art-dev-sha256-0a1b2c';
  const list = {
    apiVersion: 'v1',
    items: events.map(addKind),
    kind: 'EventList',
    metadata: { resourceVersion: '4711' },
  };
  const namespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'kube-system', uid: clusterUid },
  };
  const audit = {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    verb: 'list',
    objectRef: { resource: 'events' },
  };
  return {
    'must-gather.local.5421342344627712289/timestamp':
      '2026-11-23 15:34:10.5 +0000 UTC m=+0.1\n2026-11-23 15:36:10\n',
    'must-gather.local.5421342344627712289/event-filter.html':
      '<!DOCTYPE html>\n<html><table id="events"></table></html>\n',
    [`${image}/version`]: 'openshift/must-gather\n4.17.0\n',
    [`${image}/event-filter.html`]: '<!DOCTYPE html>\n<html></html>\n',
    [`${image}/namespaces/shop/core/events.yaml`]: `---\n${printKubectlYaml(list)}`,
    [`${image}/namespaces/shop/core/pods.yaml`]: `---\n${printKubectlYaml({ apiVersion: 'v1', items: [], kind: 'PodList' })}`,
    [`${image}/namespaces/shop/pods/web-1/web/web/logs/current.log`]:
      '2026-11-23T15:34:10Z {"kind":"Event"}\n{"level":"info"}\n',
    [`${image}/namespaces/all/namespaces/shop/core/events.yaml`]: `---\n${printKubectlYaml(list)}`,
    [`${image}/namespaces/kube-system/kube-system.yaml`]: `---\n${printKubectlYaml(namespace)}`,
    [`${image}/audit_logs/kube-apiserver/node-1-audit.log.gz`]: gzipSync(
      `${JSON.stringify(audit)}\n`.repeat(1000),
    ),
    [`${image}/cluster-scoped-resources/core/nodes/node-1.yaml`]: `---\n${printKubectlYaml({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' } })}`,
  };
}

/**
 * What troubleshoot.sh's `kubectl support-bundle` packs (replicatedhq/troubleshoot, pkg/collect/cluster_resources.go): `cluster-resources/events/NS.json`, a bare
 * array of Events that do not tell their kind (until 0.30), or an EventList (since).
 */
export function layOutSupportBundle(
  events: readonly Wire[],
  clusterUid: string,
  style: 'array' | 'list',
): Layout {
  const root = 'support-bundle-2026-11-23T15_34_10';
  const namespaces = [
    {
      metadata: { name: 'shop', uid: 'other' },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    },
    {
      metadata: { name: 'kube-system', uid: clusterUid },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    },
  ];
  const list = {
    kind: 'EventList',
    apiVersion: 'v1',
    metadata: { resourceVersion: '4711' },
    items: events.map(addKind),
  };
  const version = {
    info: { major: '1', minor: '20', gitVersion: 'v1.20.2', platform: 'linux/amd64' },
    string: 'v1.20.2',
  };
  return {
    [`${root}/version.yaml`]:
      'apiVersion: troubleshoot.sh/v1beta2\nkind: SupportBundle\nspec:\n  versionNumber: v0.90.0\n',
    [`${root}/cluster-info/cluster_version.json`]: JSON.stringify(version, null, 2),
    [`${root}/cluster-resources/events-errors.json`]: 'null',
    [`${root}/cluster-resources/events/shop.json`]: JSON.stringify(
      style === 'array' ? events : list,
      null,
      2,
    ),
    [`${root}/cluster-resources/namespaces.json`]: JSON.stringify(
      style === 'array' ? namespaces : { kind: 'NamespaceList', apiVersion: 'v1', items: namespaces },
      null,
      2,
    ),
    [`${root}/cluster-resources/pods/shop.json`]: JSON.stringify(
      [{ metadata: { name: 'web-1', namespace: 'shop' }, spec: {} }],
      null,
      2,
    ),
    [`${root}/analysis.json`]: '[\n  {"name": "cluster.version", "insight": {"severity": "debug"}}\n]\n',
  };
}

function addKind(event: Wire): Wire {
  return { kind: 'Event', apiVersion: 'v1', ...event };
}
