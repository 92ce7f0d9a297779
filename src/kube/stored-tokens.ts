import { chmod, chown, open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { type Clock, sleep } from '../lib/clock.ts';
import { MILLISECOND } from '../lib/time.ts';
import { parseKubeconfigYaml } from './read-kubeconfig.ts';

/** The tokens of a kubeconfig's `oidc` auth provider, empty where there are none. */
export interface OidcTokens {
  readonly idToken: string;
  readonly refreshToken: string;
}

/** Whose tokens: the user's entry of that name in that file. */
export interface TokenPlace {
  readonly file: string;
  readonly user: string;
}

type Settings = Record<string, unknown>;

const LOCK_TRIES = 20;
const LOCK_PAUSE = 100 * MILLISECOND;

/** The tokens as they stand in the file now; undefined when they cannot be read. */
export async function readStoredTokens({ file, user }: TokenPlace): Promise<OidcTokens | undefined> {
  try {
    const settings = findSettings(await parseKubeconfigYaml(await readFile(file, 'utf8'), file), user);
    if (settings === undefined) return undefined;
    return { idToken: textOf(settings['id-token']), refreshToken: textOf(settings['refresh-token']) };
  } catch {
    return undefined;
  }
}

/**
 * Puts new tokens in the place of those that were refreshed, as kubectl does, and changes nothing else of the file, to the letter: kubectl would be
 * logged out where an identity provider takes each refresh token once only. Holds the lock that kubectl takes (`FILE.lock`; client-go,
 * `tools/clientcmd/loader.go`) meanwhile; readers see the file before or the file after.
 *
 * @throws Error when the file cannot be written, or is not spelt in a way that allows it
 */
export async function writeStoredTokens(place: TokenPlace, tokens: OidcTokens, clock: Clock): Promise<void> {
  const lock = await takeLock(`${place.file}.lock`, clock);
  try {
    const file = await realpath(place.file);
    const content = await readFile(file, 'utf8');
    await replaceFile(file, await replaceTokens(content, place, tokens));
  } finally {
    await rm(lock);
  }
}

async function takeLock(lock: string, clock: Clock): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    try {
      await (await open(lock, 'wx', 0)).close();
      return lock;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || tries === LOCK_TRIES) throw error;
      await sleep(clock, LOCK_PAUSE);
    }
  }
}

async function replaceFile(file: string, content: string): Promise<void> {
  const { mode, uid, gid } = await stat(file);
  const beside = `${file}.hark`;
  try {
    await writeFile(beside, content, { mode: 0o600, flush: true });
    await chmod(beside, mode & 0o777);
    const made = await stat(beside);
    if (made.uid !== uid || made.gid !== gid) await chown(beside, uid, gid);
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

async function replaceTokens(
  content: string,
  { file, user }: TokenPlace,
  tokens: OidcTokens,
): Promise<string> {
  let replaced = content;
  for (const [key, value] of [
    ['id-token', tokens.idToken],
    ['refresh-token', tokens.refreshToken],
  ] as const)
    replaced = await replaceSetting(replaced, { file, user }, key, value);
  return replaced;
}

/** Tries the places where the old value stands until the file reads as it should; adds the key before another one where there was none. */
async function replaceSetting(
  content: string,
  { file, user }: TokenPlace,
  key: string,
  value: string,
): Promise<string> {
  const wanted = await parseKubeconfigYaml(content, file);
  const settings = findSettings(wanted, user);
  if (settings === undefined) throw new Error(`user "${user}" is not in it any more`);
  const old = textOf(settings[key]);
  if (old === value) return content;
  settings[key] = value;
  for (const candidate of old === ''
    ? insertSetting(content, key, value)
    : replaceText(content, old, value)) {
    const read = await parseKubeconfigYaml(candidate, file).catch(() => undefined);
    if (isDeepStrictEqual(read, wanted)) return candidate;
  }
  throw new Error(`the ${key} is written in a way that Hark does not change`);
}

function* replaceText(content: string, old: string, value: string): Generator<string> {
  for (let at = content.indexOf(old); at !== -1; at = content.indexOf(old, at + 1))
    for (const spelt of [value, JSON.stringify(value)])
      yield content.slice(0, at) + spelt + content.slice(at + old.length);
}

/** On a line of its own, where the settings are; in JSON before another key of theirs. */
function* insertSetting(content: string, key: string, value: string): Generator<string> {
  for (const { index } of content.matchAll(/"?(?:idp-issuer-url|client-id)"?\s*:/g)) {
    const indent = /[^\n]*$/.exec(content.slice(0, index))?.[0] ?? '';
    yield `${content.slice(0, index)}${key}: ${JSON.stringify(value)}\n${indent}${content.slice(index)}`;
    yield `${content.slice(0, index)}"${key}": ${JSON.stringify(value)}, ${content.slice(index)}`;
  }
}

function findSettings(config: unknown, user: string): Settings | undefined {
  const { users } = (config ?? {}) as { users?: readonly { name?: unknown; user?: Settings }[] };
  const found = users?.find(({ name }) => name === user)?.user?.['auth-provider'];
  const settings = (found as { config?: unknown } | undefined)?.config;
  return typeof settings === 'object' && settings !== null ? (settings as Settings) : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
