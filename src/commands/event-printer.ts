import type { RecordedEvent } from '../events/event.ts';
import type { Micros } from '../lib/time.ts';
import type { Output } from './context.ts';

/** Prints Events in one form, page by page, so that no form holds them all. */
export interface EventPrinter {
  /** Events in the order they are to be printed in. */
  print(events: readonly RecordedEvent[]): Promise<void>;
  /** Prints what is left: the end of a list, an empty list's whole. To be called once, after the last page. */
  end(): Promise<void>;
}

/** What a form may need to know. */
export interface PrintOptions {
  readonly output: Output;
  readonly color: boolean;
  /** What ages count from, asked for each page: with `-w` it goes on. */
  readonly now: () => Micros;
  /** Whether to print an Event's namespace. */
  readonly withNamespace: boolean;
  /** Whether Events of several clusters may come: what to call each, by its uid. */
  readonly clusters: ReadonlyMap<string, string>;
  /** Whether more will come for ever (`-w`): objects are printed one by one instead of as a List. */
  readonly endless: boolean;
}

export const EVENT_OUTPUTS = ['table', 'wide', 'json', 'jsonl', 'yaml', 'csv', 'name'] as const;

export type EventOutput = (typeof EVENT_OUTPUTS)[number];

/** Loads the printer of a form. */
export async function createEventPrinter(form: EventOutput, options: PrintOptions): Promise<EventPrinter> {
  switch (form) {
    case 'table':
      return (await import('./print-events-table.ts')).createTablePrinter(options);
    case 'wide':
      return (await import('./print-events-wide.ts')).createWidePrinter(options);
    case 'json':
      return (await import('./print-events-json.ts')).createJsonPrinter(options);
    case 'yaml':
      return (await import('./print-events-yaml.ts')).createYamlPrinter(options);
    default:
      return (await import('./print-events-lines.ts')).createLinePrinter(form, options);
  }
}
