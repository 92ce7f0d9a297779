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
    const holder = /^secret/i.test(cause) ? 'Secret' : 'ConfigMap';
    return {
      failure,
      subject: `volume ${volume}/${key}`,
      says: `its ${holder} has no key "${key}" (volume ${volume})`,
    };
  }
  const [, unmounted = ''] = /unmounted volumes=\[([^\]]*)\]/.exec(message) ?? [];
  if (unmounted !== '')
    return {
      failure,
      subject: `volume ${unmounted}`,
      says: `volume ${unmounted} can't be mounted: ${shortenMessage(message.split(': ').at(-1) ?? '')}`,
    };
  const subject = volume === '' ? '' : `volume ${volume}`;
  return { failure, subject, says: `${subject || 'a volume'} can't be mounted: ${shortenMessage(cause)}` };
}
