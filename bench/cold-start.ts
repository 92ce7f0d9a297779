import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { readRecordingBytes } from '../test/read-recording.ts';
import { findHark } from './find-hark.ts';
import { measureFastest } from './measure-command.ts';
import { type BenchResult, formatRatio, formatSeconds } from './result.ts';

const TIMES = 10;

/** How long Hark takes to begin, compared with `kubectl version --client`. */
export async function benchColdStart(): Promise<BenchResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'hark-bench-'));
  try {
    const file = join(folder, 'events.json');
    writeFileSync(file, readRecordingBytes('v1.36/b-bad-image/events-core-v1.json'));
    const kubectl = await measureFastest(TIMES, 'kubectl', ['version', '--client']);
    const hark = findHark();
    const compare = async (what: string, args: readonly string[]): Promise<BenchResult> => {
      const cost = await measureFastest(TIMES, execPath, [...hark.args, ...args]);
      return {
        what: `cold start of \`${what}\` (${hark.what})`,
        hark: formatSeconds(cost.seconds),
        compared: `\`kubectl version --client\`: ${formatSeconds(kubectl.seconds)}`,
        ratio: formatRatio(cost.seconds / kubectl.seconds),
        target: '',
      };
    };
    return [
      await compare('hark version', ['version']),
      await compare('hark events --from', ['events', '--from', file]),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
