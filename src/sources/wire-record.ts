/** Events with all their repeats as they travel between Harks: a line of an export. */
export { formatExportLine as formatRecord, parseExportLine as parseRecord } from '../dumps/hark-export.ts';
