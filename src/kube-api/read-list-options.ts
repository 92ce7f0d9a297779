import { badRequest, invalidOptions, type OptionError } from './status.ts';

/** What is asked of a list or a watch. (k8s.io/apimachinery ListOptions.) */
export interface ListOptions {
  readonly labelSelector: string;
  readonly fieldSelector: string;
  readonly watch: boolean;
  readonly allowWatchBookmarks: boolean;
  readonly resourceVersion: string;
  readonly resourceVersionMatch: string;
  /** In seconds; undefined: as long as the server likes. */
  readonly timeoutSeconds: number | undefined;
  /** 0: all. */
  readonly limit: number;
  readonly continue: string;
  readonly sendInitialEvents: boolean | undefined;
}

/**
 * Reads the query string of a list or watch.
 *
 * @throws StatusError 400 for what is no number, 422 for options that do not go together
 */
export function readListOptions(params: URLSearchParams, isWatch = false): ListOptions {
  const text = (name: string) => params.get(name) ?? '';
  const options: ListOptions = {
    labelSelector: text('labelSelector'),
    fieldSelector: text('fieldSelector'),
    watch: isWatch || readFlag(params, 'watch') === true,
    allowWatchBookmarks: readFlag(params, 'allowWatchBookmarks') === true,
    resourceVersion: text('resourceVersion'),
    resourceVersionMatch: text('resourceVersionMatch'),
    timeoutSeconds: readNumber(params, 'timeoutSeconds'),
    limit: readNumber(params, 'limit') ?? 0,
    continue: text('continue'),
    sendInitialEvents: readFlag(params, 'sendInitialEvents'),
  };
  const errors = options.watch ? checkWatch(options) : checkList(options);
  if (errors.length > 0) throw invalidOptions(errors);
  return options;
}

/** Only `false` and `0` say no. (k8s.io/apimachinery `pkg/runtime` Convert_Slice_string_To_bool.) */
export function readFlag(params: URLSearchParams, name: string): boolean | undefined {
  const value = params.get(name);
  return value === null ? undefined : value.toLowerCase() !== 'false' && value !== '0';
}

function readNumber(params: URLSearchParams, name: string): number | undefined {
  const value = params.get(name);
  if (value === null) return undefined;
  const tell = (what: string) => badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: ${what}`);
  if (!/^[+-]?\d+$/.test(value)) throw tell('invalid syntax');
  const number = BigInt(value.replace(/^\+/, ''));
  if (BigInt.asIntN(64, number) !== number) throw tell('value out of range');
  return Number(number);
}

const EXACT = 'Exact';
const NOT_OLDER = 'NotOlderThan';

/** (k8s.io/apimachinery `pkg/apis/meta/internalversion/validation` ValidateListOptions.) */
function checkList(options: ListOptions): OptionError[] {
  const { resourceVersionMatch: match, resourceVersion, sendInitialEvents } = options;
  const errors: OptionError[] = [];
  const forbid = (field: string, why: string) => errors.push(forbidOption(field, why));
  if (match !== '') {
    if (resourceVersion === '')
      forbid(MATCH, 'resourceVersionMatch is forbidden unless resourceVersion is provided');
    if (options.continue !== '') forbid(MATCH, 'resourceVersionMatch is forbidden when continue is provided');
    if (match !== EXACT && match !== NOT_OLDER) errors.push(unsupported(match, [EXACT, NOT_OLDER, '']));
    if (match === EXACT && resourceVersion === '0')
      forbid(MATCH, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
  }
  if (sendInitialEvents !== undefined) forbid('sendInitialEvents', 'sendInitialEvents is forbidden for list');
  return errors;
}

function checkWatch(options: ListOptions): OptionError[] {
  const { resourceVersionMatch: match, sendInitialEvents } = options;
  const errors: OptionError[] = [];
  const forbid = (why: string) => errors.push(forbidOption(MATCH, why));
  if (sendInitialEvents !== undefined && match !== NOT_OLDER)
    forbid('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
  if (match === '') return errors;
  if (sendInitialEvents === undefined)
    forbid('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided');
  if (match !== NOT_OLDER) errors.push(unsupported(match, [NOT_OLDER]));
  if (options.continue !== '') forbid('resourceVersionMatch is forbidden when continue is provided');
  return errors;
}

const MATCH = 'resourceVersionMatch';

function forbidOption(field: string, why: string): OptionError {
  return { field, reason: 'FieldValueForbidden', message: `Forbidden: ${why}` };
}

function unsupported(value: string, supported: readonly string[]): OptionError {
  const list = supported.map((one) => JSON.stringify(one)).join(', ');
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`;
  return { field: MATCH, reason: 'FieldValueNotSupported', message };
}
