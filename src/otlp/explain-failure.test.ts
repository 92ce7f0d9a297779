import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainFailure } from './explain-failure.ts';

const TARGET = { signal: 'traces', protocol: 'http/protobuf', url: 'https://otel:4318/v1/traces' } as const;

function fail(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}

test('explainFailure names the variable that a certificate is trusted by', () => {
  for (const code of ['DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY']) {
    const { message, hint } = explainFailure(fail('self-signed certificate', code), TARGET);
    assert.match(hint, /OTEL_EXPORTER_OTLP_CERTIFICATE/);
    assert.match(message, /traces to https:\/\/otel:4318\/v1\/traces .*: self-signed certificate$/);
  }
  assert.match(explainFailure(fail('connect', 'ECONNREFUSED'), TARGET).hint, /listen there\?/);
});

test('explainFailure tells what is wrong with the settings before what else it may be', () => {
  const notes = ['Failed to read root certificate file.'];
  assert.equal(explainFailure(fail('x', 'DEPTH_ZERO_SELF_SIGNED_CERT'), TARGET, notes).hint, notes[0]);
});
