import type { Failure } from './read-failure.ts';
import { shortenMessage } from './shorten-message.ts';

const VOLUME = /for volume "([^"]+)" ?:? ?(.*)$/s;

/** Why a volume could not be mounted. */
export function readMountFailure(message: string): Failure {
  const failure = 'mount-failed';
  const [, volume = '', cause = message] = VOLUME.exec(message) ?? [];
  const [, kind = '', name = ''] =
    /(configmap|secret|persistentvolumeclaim) "([^"]+)" not found/i.exec(cause) ?? [];
  if (name !== '') {
    const proper =
      { configmap: 'ConfigMap', secret: 'Secret' }[kind.toLowerCase()] ?? 'PersistentVolumeClaim';
    return {
      failure,
      subject: `${proper}/${name}`,
      says: `${proper} "${name}" is not there (volume ${volume})`,
    };
  }
  const [, key = ''] = /references non-existent (?:config|secret) key: (\S+)/.exec(cause) ?? [];
  if (key !== '') {
    const holder = /secret key: /.test(cause) ? 'Secret' : 'ConfigMap';
    return {
      failure,
      subject: `volume ${volume}/${key}`,
      says: `its ${holder} has no key "${key}" (volume ${volume})`,
    };
  }
  const driver = /driver name (\S+) not found in the list of registered CSI drivers/.exec(cause)?.[1];
  if (driver !== undefined)
    return {
      failure,
      subject: `CSIDriver/${driver}`,
      says: `CSI driver "${driver}" does not run on its Node (volume ${volume})`,
    };
  const [, unmounted = ''] = /unmounted volumes=\[([^\]]*)\]/.exec(message) ?? [];
  if (unmounted !== '')
    return {
      failure,
      subject: `volume ${unmounted}`,
      says: `volume ${unmounted} can't be mounted: ${shortenMessage(message.split(': ').at(-1) ?? '')}`,
    };
  const subject = volume === '' ? '' : `volume ${volume}`;
  return { failure, subject, says: `${subject || 'a volume'} can't be mounted: ${shortenMount(cause)}` };
}

/** What the command that mounts said, without the command. */
function shortenMount(cause: string): string {
  const said = /exit status \d+\s+Mounting command: .*?Output: (.*)$/s.exec(cause)?.[1];
  return said === undefined || said.trim() === ''
    ? shortenMessage(cause)
    : `mount failed: ${shortenMessage(said)}`;
}

/** Why a volume could not be attached to a Node. */
export function readAttachFailure(failure: string, message: string): Failure {
  const [, volume = '', cause = message] = VOLUME.exec(message) ?? [];
  const subject = volume === '' ? '' : `volume ${volume}`;
  const what = subject || 'a volume';
  if (failure !== 'multi-attach')
    return { failure, subject, says: `${what} can't be attached: ${shortenMessage(cause)}` };
  const users = /used by pod\(s\) (.*)$/.exec(cause)?.[1];
  const by =
    users === undefined
      ? ''
      : `, used by ${users
          .split(/, ?/)
          .map((name) => `pod/${name}`)
          .join(', ')}`;
  return { failure, subject, says: `${what} is still attached to another Node${by}` };
}
