import { printEvent } from '../events/print-event.ts';
import { formatYaml } from '../lib/format-yaml.ts';
import type { EventPrinter, PrintOptions } from './event-printer.ts';
import { printText } from './print.ts';

/** A `v1` List of `v1` Events, as `kubectl get events -o yaml` prints it; with `-w`, one document after the other. */
export function createYamlPrinter(options: PrintOptions): EventPrinter {
  let count = 0;
  const formatOne = (event: object) => {
    const first = count++ === 0;
    if (options.endless) return (first ? '' : '---\n') + formatYaml(event);
    return (first ? 'apiVersion: v1\nitems:\n' : '') + formatYaml([event]);
  };
  return {
    async print(events) {
      await printText(options.output, events.map(({ event }) => formatOne(printEvent(event, 'v1'))).join(''));
    },
    async end() {
      if (options.endless) return;
      const begin = count === 0 ? 'apiVersion: v1\nitems: []\n' : '';
      await printText(options.output, `${begin}kind: List\nmetadata:\n  resourceVersion: ""\n`);
    },
  };
}
