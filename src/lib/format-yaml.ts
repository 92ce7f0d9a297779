import { Document, visit } from 'yaml';

/** Controls that a terminal may act on, and texts that some readers of YAML 1.1 take for something else, and white space that blocks lose. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what it looks for
const UNSAFE = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]|^(?:=|<<|0o[0-7_]+)$|^\s|\s$|\s\n|\n\s/;

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
      if (typeof node.value === 'string' && UNSAFE.test(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  const text = document.toString({ indentSeq: false, lineWidth: 80 });
  return text.replace(/[\x7f-\x9f]/g, (control) => `\\x${control.charCodeAt(0).toString(16)}`);
}
