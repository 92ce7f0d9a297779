import { makeStatus, notAcceptable, StatusError } from './status.ts';

/** How an answer is to be written. */
export interface Wish {
  readonly format: 'json' | 'yaml';
  /** What objects are to be made into; undefined: nothing. */
  readonly as: { readonly kind: string; readonly group: string; readonly version: string } | undefined;
}

/** In which formats a watch, or anything else, can be answered. */
const FORMATS: Readonly<Record<string, Wish['format']>> = {
  'application/json': 'json',
  'application/yaml': 'yaml',
};

/**
 * Reads an `Accept` header: the first clause that can be met, by its weight. (k8s.io/apiserver `pkg/endpoints/handlers/negotiation`.)
 *
 * @param allows whether objects can be made into this
 * @throws StatusError 406
 */
export function negotiate(
  accept: string | undefined,
  allows: (as: NonNullable<Wish['as']>) => boolean,
  options: { readonly isWatch?: boolean } = {},
): Wish {
  if (accept === undefined || accept.trim() === '') return { format: 'json', as: undefined };
  for (const { type, params } of readClauses(accept)) {
    const format = type === '*/*' || type === 'application/*' ? 'json' : FORMATS[type];
    if (format === undefined || (options.isWatch === true && format === 'yaml')) continue;
    const kind = params.get('as');
    if (kind === undefined) return { format, as: undefined };
    const as = { kind, group: params.get('g') ?? '', version: params.get('v') ?? '' };
    if (allows(as)) return { format, as };
  }
  throw notAcceptable(
    options.isWatch === true ? 'application/json;stream=watch' : 'application/json, application/yaml',
  );
}

interface Clause {
  readonly type: string;
  readonly params: ReadonlyMap<string, string>;
  readonly weight: number;
}

function readClauses(accept: string): Clause[] {
  const clauses = accept.split(',').map((clause): Clause => {
    const [type = '', ...rest] = clause.split(';').map((part) => part.trim());
    const params = new Map(
      rest.map((part) => {
        const [name = '', value = ''] = part.split('=', 2);
        return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')] as const;
      }),
    );
    const weight = Number(params.get('q') ?? 1);
    return { type: type.toLowerCase(), params, weight: Number.isFinite(weight) ? weight : 0 };
  });
  return clauses.filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight);
}

/** What every resource can be made into. */
export function allowsMeta({ kind, group, version }: NonNullable<Wish['as']>): boolean {
  const isKnown = ['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList'].includes(kind);
  return isKnown && group === 'meta.k8s.io' && (version === 'v1' || version === 'v1beta1');
}

/** An object cannot be made into a list, nor a list into an object. */
export function checkShape({ as }: Wish, isList: boolean): void {
  const wrong = isList ? 'PartialObjectMetadata' : 'PartialObjectMetadataList';
  if (as?.kind !== wrong) return;
  const message = `you requested ${wrong}, but the requested object is ${isList ? 'a list' : 'not a list'}`;
  throw new StatusError(makeStatus(406, 'NotAcceptable', message));
}
