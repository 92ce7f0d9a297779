import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFields } from '../test/otlp-receiver.ts';

/** Fields of ExportTraceServiceRequest: resource_spans, scope_spans, spans; of a span its span_id. */
const SPANS = [1, 2, 2];
const SPAN_ID = [2];

// An OTLP receiver in a process of its own, so that what it costs is not counted: takes all, and tells how many spans of how many ids came.
let spans = 0;
let bytes = 0;
const ids = new Set<bigint>();
const server = createServer(async (request, response) => {
  if (request.method === 'GET') {
    response.end(JSON.stringify({ spans, bytes, ids: ids.size }));
    return;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  bytes += body.length;
  for (const span of readFields(body, SPANS)) {
    spans += 1;
    const [id] = readFields(span, SPAN_ID);
    if (id !== undefined) ids.add(id.readBigUInt64BE());
  }
  response.end();
});
server.listen(0, '127.0.0.1', () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on('disconnect', () => process.exit());
