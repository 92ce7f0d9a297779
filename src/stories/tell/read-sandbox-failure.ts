import type { Failure } from './read-failure.ts';
import { shortenMessage } from './shorten-message.ts';

const NOT_READY = 'its Node’s network plugin is not ready';
/** What runtimes and network plugins say, and what it means; the first that fits holds. */
const CAUSES: readonly (readonly [RegExp, string])[] = [
  [
    /no IP addresses available|failed to assign an IP address|insufficient (?:free )?(?:IP|addresses)|no available IP/i,
    'there is no address left for it',
  ],
  [
    /cni plugin not initialized|cni config uninitialized|network plugin is not ready|NetworkPluginNotReady|no networks? (?:configuration )?(?:file )?found|subnet\.env: no such file/i,
    NOT_READY,
  ],
  [/RuntimeHandler "([^"]+)" not supported|no runtime for "([^"]+)"/i, 'its Node has no runtime "$1"'],
  [/sandbox image/i, 'its Node can’t pull the sandbox image'],
  [/deadline ?exceeded|timed? ?out/i, 'the container runtime or the network plugin does not answer'],
];
const NOISE: readonly RegExp[] = [
  /^Failed to create pod sandbox: /i,
  /^network is not ready: /i,
  /failed to set ?up (?:network for sandbox|sandbox container) "[^"]*"(?: network for pod "[^"]*")?: /gi,
  /networkPlugin cni failed to set up pod "[^"]*" network: /gi,
  / ?failed \(add\)/g,
];

/** Why a Pod got no sandbox: most often its network. */
export function readSandboxFailure(failure: string, reason: string, message: string): Failure {
  const plugin = /plugin type="([^"]+)"/.exec(message)?.[1] ?? '';
  const cause = causeOf(message);
  if (failure === 'network-not-ready')
    return {
      failure,
      subject: '',
      says: cause === NOT_READY ? cause : `its Node’s network is not ready: ${cause}`,
    };
  if (reason === 'FailedSync' && !/sandbox|network/i.test(message))
    return { failure, subject: '', says: `its kubelet can't bring it to its state: ${cause}` };
  const by = plugin === '' ? '' : ` from ${plugin}`;
  return { failure, subject: '', says: `it gets no sandbox${by}: ${cause}` };
}

function causeOf(message: string): string {
  for (const [pattern, means] of CAUSES) {
    const found = pattern.exec(message);
    if (found !== null) return means.replace('$1', found[1] ?? found[2] ?? '');
  }
  let cause = shortenMessage(message);
  for (const noise of NOISE) cause = cause.replace(noise, '');
  return cause.replace(/^plugin type="[^"]+"(?: name="[^"]+")?: /, '');
}
