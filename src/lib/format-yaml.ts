import {
  DEFAULT_SCALAR_STYLE_RULES,
  DUMP_SCHEMA,
  dump,
  NOT_RESOLVED,
  SCALAR_STYLE,
  type ScalarLayout,
  strTag,
} from 'js-yaml';
import { escapeControls } from './escape-controls.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what it looks for
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069]/;
/** What blocks lose or need a mark for: white space around lines, empty lines at either end. */
const LOSABLE = /^\s|[^\S\n]$|[^\S\n]\n|\n[^\S\n]|\n\n$/;
/** More than the schema knows of: numbers of any base with `_` in them, as go-yaml reads them; what YAML 1.1 has for a default and a merge. */
const MISTAKABLE = /^(?:=|<<|[-+]?(?:0[xob][\da-f_]+|[\d_]*\.?[\d_]*(?:e[-+]?[\d_]+)?))$/i;
const IMPLICIT_TAGS = DUMP_SCHEMA.tags
  .filter((tag) => tag.nodeKind === 'scalar')
  .filter((tag) => tag.implicit);

/**
 * Formats a value as kubectl prints YAML: keys sorted, lists not indented, whatever a reader of YAML 1.1 or 1.2 could mistake quoted.
 * Unlike kubectl it breaks no line that is long. No control character but the newline is left in it.
 *
 * @returns text that ends with a newline
 */
export function formatYaml(value: unknown): string {
  const text = dump(value, {
    schema: DUMP_SCHEMA,
    sortKeys: true,
    seqNoIndent: true,
    noRefs: true,
    lineWidth: -1,
    scalarStyleRules: [quoteMistakable, ...Object.values(DEFAULT_SCALAR_STYLE_RULES)],
  });
  return escapeControls(text);
}

/** In double quotes, as kubectl does; the rules after this one put the rest that needs it in single ones. */
function quoteMistakable(layout: ScalarLayout): void {
  const { tag, value: text } = layout.node;
  if (tag !== strTag.tagName) return;
  if (CONTROLS.test(text) || LOSABLE.test(text) || isMistakable(text))
    layout.style = SCALAR_STYLE.DOUBLE_QUOTED;
}

/** Whether some reader would take a text for something else when it stands without quotes. */
function isMistakable(text: string): boolean {
  return (
    MISTAKABLE.test(text) ||
    IMPLICIT_TAGS.some((tag) => tag.resolve(text, false, tag.tagName) !== NOT_RESOLVED)
  );
}
