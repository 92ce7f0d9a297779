import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { Agent, get } from 'node:https';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeAuthority } from '../api-server/make-certificates.ts';
import { makeFolder, runHark, startHark } from '../cli/start-hark.ts';
import { followProcess } from '../listen-harness.ts';

const DEMO = join(import.meta.dirname, '../../demo/cluster.jsonl.gz');
const TOKEN = 'a-token-that-is-long-enough';

/** Asks over TLS. @param isEnough when what was answered so far is all that is wanted; default: never before its end */
function ask(
  url: string,
  agent: Agent,
  isEnough: (text: string) => boolean = () => false,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers: { authorization: `Bearer ${TOKEN}` } }, (response) => {
      const { statusCode: status = 0 } = response;
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (!isEnough(text)) return;
        resolve({ status, text });
        request.destroy();
      });
      response.on('end', () => resolve({ status, text }));
    });
    request.on('error', reject);
  });
}

test('hark serve is reached over TLS by whoever trusts its certificate, and by nobody else, on every address', async () => {
  const folder = makeFolder();
  const authority = makeAuthority();
  const { cert, key } = authority.issue({ name: 'hark', hosts: ['localhost', '127.0.0.1'] });
  const put = (name: string, text: string) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const [certFile, keyFile, caFile] = [put('c.pem', cert), put('k.pem', key), put('ca.pem', authority.ca)];
  const tokenFile = put('token', TOKEN);
  const reached = ['--from', DEMO, '--listen', '0.0.0.0:0', '--token-file', tokenFile];
  const child = startHark([
    'serve',
    ...reached,
    '--tls-cert-file',
    certFile,
    '--tls-private-key-file',
    keyFile,
  ]);
  const server = followProcess(child);
  await server.says(/Hark is at \S+\n/);
  const port = /Hark is at https:\/\/0\.0\.0\.0:(\d+)\n/.exec(server.stderr())?.[1];
  assert.ok(port !== undefined, server.stderr());
  const url = `https://localhost:${port}`;

  const trusting = new Agent({ ca: authority.ca });
  const clusters = await ask(`${url}/v1/clusters`, trusting);
  assert.equal(clusters.status, 200);
  const live = await ask(`${url}/v1/live?only=events&limit=3`, trusting, (text) =>
    text.includes('event: live'),
  );
  assert.match(live.text, /event: events/);
  await assert.rejects(ask(`${url}/v1/clusters`, new Agent({ ca: [] })), /certificate|issuer/);
  await assert.rejects(
    ask(`${url}/v1/clusters`, new Agent({ ca: makeAuthority().ca })),
    /certificate|issuer/,
  );
  await assert.rejects(fetch(`http://localhost:${port}/v1/clusters`));

  const args = ['why', '-A', '-o', 'json', '--now', '2026-11-23T16:30:00Z', '--server', url];
  const trusted = { env: { NODE_EXTRA_CA_CERTS: caFile } };
  const remote = await runHark([...args, '--token-file', tokenFile], trusted);
  const local = await runHark([...args.slice(0, -2), '--from', DEMO]);
  assert.equal(remote.stdout, local.stdout, remote.stderr);
  const stranger = await runHark([...args, '--token-file', tokenFile]);
  assert.equal(stranger.code, 3);
  assert.match(stranger.stderr, /cannot reach the Hark server/);
  assert.equal((await server.end('SIGTERM')).code, 0);
});
