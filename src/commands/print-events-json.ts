import { printEvent } from '../events/print-event.ts';
import { formatJson } from '../lib/format-json.ts';
import type { EventPrinter, PrintOptions } from './event-printer.ts';
import { printText } from './print.ts';

const INDENT = 4;

/** A `v1` List of `v1` Events, as `kubectl get events -o json` prints it; with `-w`, one Event after the other. */
export function createJsonPrinter(options: PrintOptions): EventPrinter {
  let count = 0;
  const separator = () =>
    options.endless ? '' : count++ === 0 ? '{\n    "apiVersion": "v1",\n    "items": [\n' : ',\n';
  return {
    async print(events) {
      const texts = events.map(({ event }) => {
        const text = formatJson(printEvent(event, 'v1'), INDENT);
        return options.endless ? `${text}\n` : separator() + text.replace(/^/gm, ' '.repeat(2 * INDENT));
      });
      await printText(options.output, texts.join(''));
    },
    async end() {
      if (options.endless) return;
      const begin = count === 0 ? '{\n    "apiVersion": "v1",\n    "items": [' : '\n    ';
      const rest = '],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n';
      await printText(options.output, begin + rest);
    },
  };
}
