import type { Failure } from './read-failure.ts';
import { shortenMessage } from './shorten-message.ts';

const IMAGE = /(?:image|for|tag) "([^"]+)"/;
/** What registries and runtimes answer, and what it means; the first that fits holds. */
const ANSWERS: readonly (readonly [RegExp, string])[] = [
  [/toomanyrequests|too many requests|rate limit|\b429\b/i, 'the registry allows no more pulls for now'],
  [
    /pull access denied|insufficient_scope|repository does not exist/i,
    'no such repository, or it needs authorization',
  ],
  [
    /no basic auth credentials|unauthorized|authentication required|\b401\b|\b403\b|denied|authorization failed/i,
    'the registry wants authorization',
  ],
  [/no matching manifest|no match for platform/i, 'the image is not built for this kind of Node'],
  [/no such host|server misbehaving/i, 'the registry’s name is not known'],
  [/manifest unknown|not found|\b404\b/i, 'no such tag'],
  [/signature ?validation ?failed/i, 'its signature is not valid'],
  [/certificate has expired|not yet valid/i, 'the registry’s certificate is out of date'],
  [/x509|certificate/i, 'the registry’s certificate is not trusted'],
  [/no space left/i, 'the Node’s disk is full'],
  [/server gave HTTP response to HTTPS client/i, 'the registry does not speak HTTPS'],
  [
    /connection refused|i\/o timeout|timed? ?out|deadline exceeded|TLS handshake|connection reset|unreachable|\bEOF\b|no route to host/i,
    'the registry cannot be reached',
  ],
  [/\b50\d\b|internal server error|bad gateway|unavailable/i, 'the registry is not well'],
];

/** Why an image could not be had, by what the registry answered; the messages from the first to the latest. */
export function readImageFailure(failure: string, messages: readonly string[]): Failure {
  const subject =
    messages.map((message) => IMAGE.exec(message)?.[1]).find((image) => image !== undefined) ?? '';
  const image = subject === '' ? 'its image' : `image "${subject}"`;
  if (failure === 'image-name') return { failure, subject, says: `${image} is no valid name` };
  if (failure === 'image-never-pull')
    return { failure, subject, says: `${image} is not on the Node, and must not be pulled` };
  // Since Kubernetes 1.32 a back-off says what it is for.
  const told =
    messages.find((message) => message.startsWith('Failed to pull image')) ??
    messages.find((message) =>
      /: (?:ErrImagePull|RegistryUnavailable|SignatureValidationFailed): /.test(message),
    );
  const answer = told === undefined ? '' : readAnswer(told, subject);
  return { failure, subject, says: `${image} can't be pulled${answer === '' ? '' : ` (${answer})`}` };
}

function readAnswer(message: string, image: string): string {
  for (const [pattern, means] of ANSWERS) if (pattern.test(message)) return means;
  return shortenMessage(message)
    .replace(`Failed to pull image "${image}": `, '')
    .replace(/^Back-off pulling image "[^"]*": \w+: /, '');
}
