import { HarkError } from '../lib/errors.ts';
import { MILLISECOND, MINUTE, type MicrosLength } from '../lib/time.ts';
import { readVariable } from './target.ts';

const NAME = 'OTEL_METRIC_EXPORT_INTERVAL';

/**
 * How often metrics are sent: `OTEL_METRIC_EXPORT_INTERVAL` in milliseconds, else every minute (specification, "Periodic exporting MetricReader").
 *
 * @throws HarkError `usage`
 */
export function readMetricInterval(env: Readonly<Record<string, string | undefined>>): MicrosLength {
  const text = readVariable(env, NAME);
  if (text === undefined) return MINUTE;
  if (/^\d{1,10}$/.test(text) && Number(text) > 0) return Number(text) * MILLISECOND;
  throw new HarkError('usage', `${NAME} is "${text}"; wanted are milliseconds, more than 0`, {
    hint: `For example: ${NAME}=60000`,
  });
}
