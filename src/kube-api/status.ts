/** What a cause of a failure is made of. (k8s.io/apimachinery `pkg/apis/meta/v1` StatusCause.) */
export interface StatusCause {
  readonly reason: string;
  readonly message: string;
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** Kubernetes' `Status`: what every failure is answered as. */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: { readonly continue?: string; readonly resourceVersion?: string };
  readonly status: 'Failure';
  readonly message: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
  readonly code: number;
}

/** A failure that is answered as a `Status`. */
export class StatusError extends Error {
  readonly status: Status;

  constructor(status: Status) {
    super(status.message);
    this.name = 'StatusError';
    this.status = status;
  }
}

/** @param reason as k8s.io/apimachinery `StatusReason` names it; empty: none */
export function makeStatus(code: number, reason: string, message: string, details?: StatusDetails): Status {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason !== '' && { reason }),
    ...(details !== undefined && { details }),
    code,
  };
}

/** The API group and the plural name of what is asked for. */
export interface ResourceName {
  readonly group: string;
  readonly resource: string;
}

function qualify({ group, resource }: ResourceName): string {
  return group === '' ? resource : `${resource}.${group}`;
}

export function badRequest(message: string): StatusError {
  return new StatusError(makeStatus(400, 'BadRequest', message));
}

/** Of a path that leads nowhere. */
export function noSuchPath(): StatusError {
  return new StatusError(makeStatus(404, 'NotFound', 'the server could not find the requested resource', {}));
}

export function notFound(resource: ResourceName, name: string): StatusError {
  const details = { name, ...(resource.group !== '' && { group: resource.group }), kind: resource.resource };
  return new StatusError(makeStatus(404, 'NotFound', `${qualify(resource)} "${name}" not found`, details));
}

/** Of a request that would change something, or wants what is not done with the resource. */
export function methodNotAllowed(
  why = 'Hark answers what was recorded, and nothing of it can be changed',
): StatusError {
  const message = `the server does not allow this method on the requested resource: ${why}`;
  return new StatusError(makeStatus(405, 'MethodNotAllowed', message, {}));
}

/** (k8s.io/apiserver `pkg/endpoints/handlers/responsewriters` forbiddenMessage.) */
export function forbidden(
  {
    verb,
    group,
    resource,
    namespace,
    name,
  }: ResourceName & {
    readonly verb: string;
    readonly namespace: string;
    readonly name: string;
  },
  { user, reason }: { readonly user: string; readonly reason: string },
): StatusError {
  const named = qualify({ group, resource });
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const what = `User "${user}" cannot ${verb} resource "${resource}" in API group "${group}" ${where}`;
  const message = `${named}${name === '' ? '' : ` "${name}"`} is forbidden: ${what}${reason === '' ? '' : `: ${reason}`}`;
  const details = {
    ...(name !== '' && { name }),
    ...(group !== '' && { group }),
    kind: resource,
  };
  return new StatusError(makeStatus(403, 'Forbidden', message, details));
}

/** What is wrong with the options of a list or watch. (k8s.io/apimachinery `field.Error`.) */
export interface OptionError {
  readonly field: string;
  readonly reason: 'FieldValueForbidden' | 'FieldValueNotSupported' | 'FieldValueInvalid';
  readonly message: string;
}

export function invalidOptions(errors: readonly OptionError[]): StatusError {
  const told = errors.map(({ field, message }) => `${field}: ${message}`);
  const text = told.length === 1 ? told[0] : `[${told.join(', ')}]`;
  return new StatusError(
    makeStatus(422, 'Invalid', `ListOptions.meta.k8s.io "" is invalid: ${text}`, {
      group: 'meta.k8s.io',
      kind: 'ListOptions',
      causes: errors.map(({ field, reason, message }) => ({ reason, message, field })),
    }),
  );
}

/** A resource version from the future. (k8s.io/apiserver `storage.NewTooLargeResourceVersionError`.) */
export function tooLargeResourceVersion(asked: string, current: string): StatusError {
  const message = `Timeout: Too large resource version: ${asked}, current: ${current}`;
  return new StatusError(
    makeStatus(504, 'Timeout', message, {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    }),
  );
}

/** A resource version that is not known any more. */
export function expired(message: string, goOn?: string): StatusError {
  const status = makeStatus(410, 'Expired', message);
  return new StatusError(goOn === undefined ? status : { ...status, metadata: { continue: goOn } });
}

export function notAcceptable(types: string): StatusError {
  return new StatusError(
    makeStatus(406, 'NotAcceptable', `only the following media types are accepted: ${types}`),
  );
}
