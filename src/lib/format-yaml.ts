import { Document, visit } from 'yaml';
import { escapeControls } from './escape-controls.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what it looks for
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069]/;
/** What some readers of YAML 1.1 take for something else than text, and white space that blocks lose. */
const MISTAKABLE = /^(?:=|<<|0o[0-7_]+)$|^\s|\s$|\s\n|\n\s/;

/**
 * Formats a value as kubectl prints YAML: keys sorted, lists not indented, whatever a reader of YAML 1.1 or 1.2 could mistake quoted.
 * No control character but the newline is left in it.
 *
 * @returns text that ends with a newline
 */
export function formatYaml(value: unknown): string {
  const document = new Document(value, {
    version: '1.1',
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || !tag.tag.endsWith(':merge')),
    sortMapEntries: true,
    aliasDuplicateObjects: false,
  });
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value !== 'string') return;
      if (CONTROLS.test(node.value) || MISTAKABLE.test(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  return escapeControls(document.toString({ indentSeq: false, lineWidth: 80 }));
}
