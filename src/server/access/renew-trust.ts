import type { Server } from 'node:http';
import { Server as TlsServer } from 'node:tls';
import { type Clock, sleep } from '../../lib/clock.ts';
import { MINUTE } from '../../lib/time.ts';
import type { Trust } from './read-trust.ts';

const EVERY = MINUTE;

/** Takes up certificates, keys and authorities that were renewed, until the signal aborts; those before stay when the new ones cannot be read. */
export async function renewTrust(
  believed: { trust: Trust },
  readTrust: () => Promise<Trust>,
  server: Server,
  { clock, signal, report }: { clock: Clock; signal: AbortSignal; report: (error: Error) => void },
): Promise<void> {
  let failure = '';
  while (!signal.aborted) {
    await sleep(clock, EVERY, signal);
    if (signal.aborted) return;
    try {
      const trust = await readTrust();
      const isNew = JSON.stringify(trust.tls) !== JSON.stringify(believed.trust.tls);
      if (isNew && trust.tls !== undefined && server instanceof TlsServer)
        server.setSecureContext({ ...trust.tls });
      believed.trust = trust;
      failure = '';
    } catch (error) {
      const said = error instanceof Error ? error : new Error(String(error));
      if (said.message !== failure) report(said);
      failure = said.message;
    }
  }
}
