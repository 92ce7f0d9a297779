import { readFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { HarkError } from '../lib/errors.ts';
import { type Kubeconfig, mergeKubeconfigs, parseKubeconfig } from './kubeconfig.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Kubeconfig files in the order in which they are merged, and whether a missing one is an error (it is, when named on the command line). */
export interface KubeconfigFiles {
  readonly files: readonly string[];
  readonly mustExist: boolean;
}

/**
 * Which kubeconfig files count, as for kubectl: `--kubeconfig`, else the list in `KUBECONFIG`, else `~/.kube/config`.
 *
 * @param given the value of `--kubeconfig`
 */
export function findKubeconfigFiles(given: string | undefined, env: Env, cwd: string): KubeconfigFiles {
  if (given !== undefined && given !== '') return { files: [resolve(cwd, given)], mustExist: true };
  const listed = (env.KUBECONFIG ?? '').split(delimiter).filter((file) => file !== '');
  if (listed.length > 0) {
    return { files: [...new Set(listed)].map((file) => resolve(cwd, file)), mustExist: false };
  }
  const home = env.HOME || env.USERPROFILE || '';
  return { files: home === '' ? [] : [join(home, '.kube', 'config')], mustExist: false };
}

/**
 * Reads and merges kubeconfig files; undefined when none of them is there.
 *
 * @throws HarkError `kubeconfig` when one cannot be read or is none, or when a named one is missing
 */
export async function readKubeconfig(from: KubeconfigFiles): Promise<Kubeconfig | undefined> {
  const configs: Kubeconfig[] = [];
  for (const file of from.files) {
    const config = await readFileIfThere(file, from.mustExist);
    if (config !== undefined) configs.push(parseKubeconfig(await parseKubeconfigYaml(config, file), file));
  }
  return configs.length === 0 ? undefined : mergeKubeconfigs(configs);
}

async function readFileIfThere(file: string, mustExist: boolean): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !mustExist) return undefined;
    const why = code === 'ENOENT' ? 'there is no such file' : (error as Error).message;
    throw new HarkError('kubeconfig', `cannot read kubeconfig "${file}": ${why}`, {
      hint: 'Name an existing one: --kubeconfig FILE, or the environment variable KUBECONFIG',
      cause: error,
    });
  }
}

/**
 * The first document, with merge keys, as kubectl reads it. What the parser says of a mistake goes on with the lines around it, which may
 * hold a token: only its first line is told.
 *
 * @throws HarkError `kubeconfig` when it is no YAML
 */
export async function parseKubeconfigYaml(content: string, file: string): Promise<unknown> {
  /** Loaded on need: reading a cluster is not all that Hark does. */
  const { CORE_SCHEMA, loadAll, mergeTag } = await import('js-yaml');
  try {
    return loadAll(content, { json: true, schema: CORE_SCHEMA.withTags(mergeTag) })[0];
  } catch (error) {
    const [why] = (error as Error).message.split('\n');
    throw new HarkError('kubeconfig', `cannot read kubeconfig "${file}": ${why}`, {
      hint: 'Mend it at that line and column, or name another one: --kubeconfig FILE',
    });
  }
}
