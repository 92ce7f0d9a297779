import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a kubeconfig of one context says. */
export interface KubeconfigWishes {
  readonly server: string;
  /** PEM. */
  readonly ca: string;
  /** The user entry; default none of its fields. */
  readonly user?: object | undefined;
  /** Fields to add to the cluster entry, or to replace. */
  readonly cluster?: object | undefined;
  readonly namespace?: string | undefined;
}

/** Writes kubeconfigs of one context `double`, each into a folder of its own. */
export interface KubeconfigWriter {
  /** Returns the path. */
  write(wishes: KubeconfigWishes): string;
  removeAll(): void;
}

export function createKubeconfigWriter(): KubeconfigWriter {
  const folders: string[] = [];
  return {
    write(wishes) {
      const folder = mkdtempSync(join(tmpdir(), 'hark-double-'));
      folders.push(folder);
      const file = join(folder, 'kubeconfig');
      writeFileSync(file, formatKubeconfig(wishes));
      return file;
    },
    removeAll() {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function formatKubeconfig({ server, ca, user = {}, cluster = {}, namespace }: KubeconfigWishes): string {
  const trust = { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') };
  const context = { cluster: 'double', user: 'tester', ...(namespace ? { namespace } : {}) };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'double', cluster: { ...trust, ...cluster } }],
    users: [{ name: 'tester', user }],
    contexts: [{ name: 'double', context }],
    'current-context': 'double',
  });
}
