import type { RecordedEvent } from '../events/event.ts';
import { printEvent } from '../events/print-event.ts';
import { formatJson } from '../lib/format-json.ts';
import type { EventPrinter, PrintOptions } from './event-printer.ts';
import { printText } from './print.ts';

const INDENT = 4;

/** A `v1` List of `v1` Events, as `kubectl get events -o json` prints it; with `-w`, one Event after the other. */
export function createJsonPrinter(options: PrintOptions): EventPrinter {
  return options.endless ? createObjectPrinter(options) : createListPrinter(options);
}

function createObjectPrinter({ output }: PrintOptions): EventPrinter {
  return {
    print: (events) =>
      printText(
        output,
        events.map(({ event }) => `${formatJson(printEvent(event, 'v1'), INDENT)}\n`).join(''),
      ),
    end: async () => {},
  };
}

function createListPrinter({ output }: PrintOptions): EventPrinter {
  let isEmpty = true;
  return {
    async print(events) {
      if (events.length === 0) return;
      const begin = isEmpty ? '{\n    "apiVersion": "v1",\n    "items": [\n' : ',\n';
      isEmpty = false;
      await printText(output, begin + formatItems(events));
    },
    async end() {
      const begin = isEmpty ? '{\n    "apiVersion": "v1",\n    "items": [' : '\n    ';
      const rest = '],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n';
      await printText(output, begin + rest);
    },
  };
}

/** The Events as they stand within the List, without its brackets. */
function formatItems(events: readonly RecordedEvent[]): string {
  const list = formatJson({ items: events.map(({ event }) => printEvent(event, 'v1')) }, INDENT);
  return list.slice('{\n    "items": [\n'.length, -'\n    ]\n}'.length);
}
