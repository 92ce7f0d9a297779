import type { Failure } from './read-failure.ts';
import { shortenMessage } from './shorten-message.ts';

const NOISE =
  /^(?:invalid metrics \([^)]*\), first error is: )?(?:failed to get [^:]*: )*(?:unable to get metrics for resource \w+: )?/;

/** Why an autoscaler has nothing to go by. */
export function readMetricsFailure(failure: string, message: string): Failure {
  const [, resource = '', container = ''] =
    /missing request for (\S+)(?: in container (\S+))?/.exec(message) ?? [];
  if (resource !== '')
    return {
      failure,
      subject: '',
      says: `${container === '' ? 'a container' : `container ${container}`} has no request for ${resource}, of which the autoscaler takes a share`,
    };
  if (
    /could not find the requested resource \(get pods\.metrics|metrics\.k8s\.io|no metrics returned from resource metrics API/.test(
      message,
    )
  )
    return { failure, subject: '', says: `the metrics API does not answer: ${causeOf(message)}` };
  if (/custom\.metrics|external\.metrics/.test(message))
    return { failure, subject: '', says: `the metric can't be read: ${causeOf(message)}` };
  if (/did not receive metrics for/.test(message))
    return { failure, subject: '', says: 'there are no metrics of its Pods (yet)' };
  return { failure, subject: '', says: `the metric can't be read: ${causeOf(message)}` };
}

function causeOf(message: string): string {
  return shortenMessage(message).replace(NOISE, '');
}
