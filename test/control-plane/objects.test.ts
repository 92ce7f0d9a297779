import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { parseAllDocuments } from 'yaml';
import type { Change } from '../../src/objects/change.ts';
import type { KubernetesObject } from '../../src/objects/object.ts';
import { openSqliteStore } from '../../src/store/sqlite/open-sqlite-store.ts';
import { startListening, storePath } from '../listen-harness.ts';
import { createRawClient, type RawClient, type RawObject } from './raw-client.ts';
import { type ControlPlane, findControlPlane, NO_CONTROL_PLANE, startControlPlane } from './start.ts';

const assets = findControlPlane();
const PATIENCE_MS = 60_000;
const SHOP = '/api/v1/namespaces/default';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
/** Nothing of these may ever be found in a store. */
const CONTENTS = [
  'hunter2-in-a-secret',
  'hunter3-in-a-secret',
  'hunter2-in-a-configmap',
  'hunter3-in-a-configmap',
];

interface Known {
  readonly objects: readonly KubernetesObject[];
  readonly changes: readonly Change[];
}

async function readKnown(file: string): Promise<Known> {
  const store = openSqliteStore({ file, mode: 'read' });
  try {
    const objects: KubernetesObject[] = [];
    const changes: Change[] = [];
    for await (const page of store.readObjects({})) objects.push(...page);
    for await (const page of store.readChanges({})) changes.push(...page);
    return { objects, changes };
  } finally {
    await store.close();
  }
}

/** Looks into the store until what it holds is as wanted. */
async function untilKnown(file: string, isWanted: (known: Known) => boolean): Promise<Known> {
  for (const since = performance.now(); ; ) {
    const known = await readKnown(file);
    if (isWanted(known)) return known;
    if (performance.now() - since > PATIENCE_MS)
      throw new Error(`not what is waited for: ${tell(known.changes).join('\n')}`);
    await delay(50);
  }
}

/** `spec-changed Deployment/web by kubectl-set: image web:1 → web:2`. */
function tell(changes: readonly Change[]): string[] {
  return changes.map((change) => {
    const by = 'manager' in change && change.manager !== '' ? ` by ${change.manager}` : '';
    const fields =
      'fields' in change ? change.fields.map(({ field, from, to }) => `${field} ${from} → ${to}`) : [];
    const what = [...fields, ...('keys' in change ? change.keys : [])].join(', ');
    return `${change.type} ${change.object.kind}/${change.object.name}${by}${what === '' ? '' : `: ${what}`}`;
  });
}

function uidOf(object: RawObject): string {
  const { uid } = object.metadata as unknown as { readonly uid: string };
  return uid;
}

function deployment(name: string, owner?: object): object {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, ...(owner === undefined ? {} : { ownerReferences: [owner] }) },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'web:1' }] } },
    },
  };
}

function withImage(image: string): object {
  return { spec: { template: { spec: { containers: [{ name: 'main', image }] } } } };
}

suite('hark listen and the objects of a real control plane', {
  skip: assets === undefined && NO_CONTROL_PLANE,
}, () => {
  let plane: ControlPlane;
  let client: RawClient;
  before(async () => {
    plane = await startControlPlane(assets ?? '', { controllers: true });
    client = createRawClient(plane.kubeconfig);
  });
  after(async () => {
    client.close();
    await plane.stop();
  });

  /** Waits until the objects of a kind were listed: what happens from then on is heard. */
  async function untilListed(file: string, path: string, uid: string): Promise<void> {
    await untilKnown(file, ({ objects }) =>
      objects.some((object) => object.uid === uid && path.includes(object.kind.toLowerCase())),
    );
  }

  test('tells who changed a Deployment and a ConfigMap, keeps nothing of their contents, and tells nothing twice after a restart', async () => {
    const file = storePath();
    const args = ['--kubeconfig', plane.kubeconfig, '--store', file];
    const made = await client.send('POST', `${DEPLOYMENTS}?fieldManager=kubectl-create`, deployment('web'));
    const config = {
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: { name: 'web-config' },
      data: { greeting: CONTENTS[2] },
    };
    const annotations = {
      'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({
        stringData: { password: CONTENTS[0] },
      }),
    };
    const secret = {
      kind: 'Secret',
      apiVersion: 'v1',
      metadata: { name: 'web-secret', annotations },
      stringData: { password: CONTENTS[0] },
    };
    const configMade = await client.send('POST', `${SHOP}/configmaps?fieldManager=kubectl-create`, config);
    const secretMade = await client.send('POST', `${SHOP}/secrets?fieldManager=kubectl-create`, secret);
    const first = startListening(args);
    await first.says(/caught up, listening/);
    await untilListed(file, 'deployment', uidOf(made));
    await untilListed(file, 'configmap', uidOf(configMade));
    await untilListed(file, 'secret', uidOf(secretMade));

    await client.send('PATCH', `${DEPLOYMENTS}/web?fieldManager=kubectl-scale`, { spec: { replicas: 3 } });
    await client.send('PATCH', `${DEPLOYMENTS}/web?fieldManager=kubectl-set`, withImage('web:2'));
    await client.send('PATCH', `${DEPLOYMENTS}/web?fieldManager=kubectl-edit`, withImage('web:3'));
    await client.send('PATCH', `${SHOP}/configmaps/web-config?fieldManager=kubectl-edit`, {
      data: { colour: CONTENTS[3] },
    });
    await client.send('PATCH', `${SHOP}/secrets/web-secret?fieldManager=kubectl-edit`, {
      stringData: { token: CONTENTS[1] },
    });
    await client.send('DELETE', `${DEPLOYMENTS}/web`);
    const wanted = [
      'spec-changed Deployment/web by kubectl-set: image web:1 → web:2',
      'spec-changed Deployment/web by kubectl-edit: image web:2 → web:3',
      'content-changed ConfigMap/web-config by kubectl-edit: colour',
      'content-changed Secret/web-secret by kubectl-edit: token',
      'deleted Deployment/web',
    ];
    // What is known is read in two questions: the object's end may be in the second only.
    const isGone = ({ kind, name, deletedAt }: Known['objects'][number]) =>
      kind === 'Deployment' && name === 'web' && deletedAt !== undefined;
    const known = await untilKnown(
      file,
      ({ changes, objects }) => wanted.every((line) => tell(changes).includes(line)) && objects.some(isGone),
    );
    assert.ok(
      tell(known.changes).some((line) => /spec-changed Deployment\/web.*: replicas 1 → 3/.test(line)),
      tell(known.changes).join('\n'),
    );
    assert.match(first.stderr(), /listening\n/);
    assert.equal((await first.end('SIGINT')).code, 0);
    assert.match(first.stderr(), /\d+ objects, \d+ changes/);
    assert.doesNotMatch(first.stderr(), /not allowed|no longer told/);

    // Everything that was still to be written is.
    const before = await readKnown(file);
    const second = startListening([...args, '--changes=full']);
    await second.says(/nothing was missed/);
    const later = await client.send('POST', `${SHOP}/configmaps?fieldManager=marker`, {
      ...config,
      metadata: { name: 'marker' },
    });
    await untilListed(file, 'configmap', uidOf(later));
    assert.equal((await second.end('SIGINT')).code, 0);
    const again = await readKnown(file);
    const count = (lines: readonly string[], line: string) => lines.filter((each) => each === line).length;
    for (const line of wanted)
      assert.equal(count(tell(again.changes), line), count(tell(before.changes), line), line);
    const told = ({ changes }: Known) =>
      tell(changes.filter(({ object }) => object.name.startsWith('web-') || object.name === 'web')).sort();
    assert.deepEqual(told(again), told(before));

    for (const name of readdirSync(dirname(file)).filter((each) => each.includes('.db'))) {
      const bytes = readFileSync(join(dirname(file), name));
      for (const content of CONTENTS)
        for (const form of [content, Buffer.from(content).toString('base64').slice(0, 16)])
          assert.equal(bytes.includes(form), false, `${name} holds ${form}`);
    }
    for (const content of CONTENTS) assert.doesNotMatch(JSON.stringify(again), new RegExp(content));
  });

  test('learns of what was deleted while nobody listened, from the list', async () => {
    const file = storePath();
    const args = ['--kubeconfig', plane.kubeconfig, '--store', file];
    const made = await client.send('POST', `${SHOP}/configmaps`, {
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: { name: 'short-lived' },
    });
    const { uid } = made.metadata as unknown as { uid: string };
    const first = startListening(args);
    await untilStarted(file);
    await untilListed(file, 'configmap', uid);
    await first.end('SIGINT');
    await client.send('DELETE', `${SHOP}/configmaps/short-lived`);
    const second = startListening(args);
    await untilKnown(file, ({ objects }) =>
      objects.some((object) => object.uid === uid && object.deletedAt !== undefined),
    );
    assert.equal((await second.end('SIGINT')).code, 0);
  });

  async function untilStarted(file: string): Promise<void> {
    for (;;) {
      try {
        await readKnown(file);
        return;
      } catch {
        await delay(50);
      }
    }
  }

  test('follows owners of kinds that are not watched to the top', async () => {
    const file = storePath();
    const listening = startListening(['--kubeconfig', plane.kubeconfig, '--store', file]);
    await listening.says(/caught up, listening/);
    // Kinds as good as any: API servers of 1.20 that were built with a new Go crash on custom resources.
    const lease = { kind: 'Lease', apiVersion: 'coordination.k8s.io/v1' };
    const endpoints = { kind: 'Endpoints', apiVersion: 'v1' };
    const make = async (path: string, kind: typeof lease, name: string, owners: object[]) => {
      const made = await client.send('POST', path, { ...kind, metadata: { name, ownerReferences: owners } });
      return { ...kind, name, uid: uidOf(made), controller: true };
    };
    const top = await make('/apis/coordination.k8s.io/v1/namespaces/default/leases', lease, 'top', []);
    const middle = await make(`${SHOP}/endpoints`, endpoints, 'middle', [top]);
    await client.send('POST', DEPLOYMENTS, deployment('owned', middle));
    const { objects } = await untilKnown(file, (known) => known.objects.some(({ uid }) => uid === top.uid));
    const found = objects.filter(({ uid }) => uid === top.uid || uid === middle.uid);
    assert.deepEqual(
      found.map(({ kind, name, owners }) => [kind, name, owners.map(({ name: own }) => own)]).sort(),
      [
        ['Endpoints', 'middle', ['top']],
        ['Lease', 'top', []],
      ],
    );
    await client.send('DELETE', `${DEPLOYMENTS}/owned`);
    assert.equal((await listening.end('SIGINT')).code, 0);
  });

  test('works with the permissions of deploy/rbac.yaml and without a line; with those for Events alone it says one', async () => {
    const rules = readFileSync(join(import.meta.dirname, '../../deploy/rbac.yaml'), 'utf8');
    for (const document of parseAllDocuments(rules)) {
      const { kind, apiVersion, metadata, ...rest } = document.toJSON() as {
        kind: string;
        apiVersion: string;
        metadata: { namespace?: string };
      };
      const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
      const scope = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
      await client.send('POST', `${root}${scope}/${kind.toLowerCase()}s`, {
        kind,
        apiVersion,
        metadata,
        ...rest,
      });
    }
    const kubeconfig = plane.writeKubeconfig({
      name: 'system:serviceaccount:default:hark',
      groups: ['system:authenticated'],
    });
    const marker = (
      await client.send('POST', `${SHOP}/secrets`, {
        kind: 'Secret',
        apiVersion: 'v1',
        metadata: { name: 'seen' },
      })
    ).metadata;
    const { uid } = marker as unknown as { uid: string };
    const file = storePath();
    const listening = startListening(['--kubeconfig', kubeconfig, '--store', file]);
    await listening.says(/caught up, listening/);
    await untilListed(file, 'secret', uid);
    await listening.end('SIGINT');
    assert.doesNotMatch(listening.stderr(), /warning: (?!.*gap from)/);

    const eventsOnly = {
      apiGroups: ['', 'events.k8s.io'],
      resources: ['events'],
      verbs: ['get', 'list', 'watch'],
    };
    const role = {
      kind: 'ClusterRole',
      apiVersion: 'rbac.authorization.k8s.io/v1',
      metadata: { name: 'events-only' },
      rules: [eventsOnly],
    };
    await client.send('POST', '/apis/rbac.authorization.k8s.io/v1/clusterroles', role);
    await client.send('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      kind: 'ClusterRoleBinding',
      apiVersion: 'rbac.authorization.k8s.io/v1',
      metadata: { name: 'events-only' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'events-only' },
      subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'events-only' }],
    });
    const poor = startListening([
      '--kubeconfig',
      plane.writeKubeconfig({ name: 'events-only', groups: ['system:authenticated'] }),
      '--store',
      storePath(),
    ]);
    await poor.says(/caught up, listening/);
    await poor.says(/not allowed to watch Pods, Deployments and the like/);
    assert.equal((await poor.end('SIGINT')).code, 0);
    const warnings = poor
      .stderr()
      .split('\n')
      .filter((line) => line.includes('warning: ') && !line.includes('gap from'));
    assert.equal(warnings.length, 1, warnings.join('\n'));
  });
});
