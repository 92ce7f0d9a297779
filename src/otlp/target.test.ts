import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HarkError } from '../lib/errors.ts';
import { chooseTarget, type Signal } from './target.ts';

const urlOf = (url: string, env = {}, signal: Signal = 'traces') => chooseTarget(url, signal, env).url;

test('chooseTarget adds the path of the signal to a URL over HTTP, once', () => {
  assert.equal(urlOf('http://otel:4318'), 'http://otel:4318/v1/traces');
  assert.equal(urlOf('http://otel:4318/v1/traces'), 'http://otel:4318/v1/traces');
  assert.equal(urlOf('http://otel:4318/v1/traces', {}, 'logs'), 'http://otel:4318/v1/logs');
  assert.equal(urlOf('http://otel:4318/v1/traces', {}, 'metrics'), 'http://otel:4318/v1/metrics');
  assert.equal(urlOf('http://otel:4318/v1/metrics'), 'http://otel:4318/v1/traces');
  assert.equal(urlOf('https://otel/tenant/?key=1'), 'https://otel/tenant/v1/traces?key=1');
  assert.equal(urlOf('http://otel:4317', { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }), 'http://otel:4317');
});

test('chooseTarget takes what the environment says, that of the signal first, as the specification has it', () => {
  assert.equal(urlOf('env'), 'http://localhost:4318/v1/traces');
  assert.equal(urlOf('env', { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }), 'http://localhost:4317');
  assert.equal(
    urlOf('env', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:1/' }, 'logs'),
    'http://otel:1/v1/logs',
  );
  const both = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:1',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://tempo:2/in',
  };
  assert.equal(urlOf('env', both), 'http://tempo:2/in');
  assert.equal(urlOf('env', both, 'logs'), 'http://otel:1/v1/logs');
  assert.equal(urlOf('http://other', both), 'http://other/v1/traces');
  const metrics = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:1',
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://b:2/in',
  };
  assert.equal(urlOf('env', metrics, 'metrics'), 'http://b:2/in');
  const protocols = { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/json' };
  assert.equal(chooseTarget('env', 'traces', protocols).protocol, 'grpc');
  assert.equal(chooseTarget('env', 'logs', protocols).protocol, 'http/json');
});

test('chooseTarget takes a variable that is set to nothing as not set', () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: ' ', OTEL_EXPORTER_OTLP_PROTOCOL: '' };
  assert.deepEqual(chooseTarget('env', 'traces', env), {
    signal: 'traces',
    protocol: 'http/protobuf',
    url: 'http://localhost:4318/v1/traces',
  });
});

test('chooseTarget says what is wanted, and where the wrong came from, when it is no URL', () => {
  for (const [url, env, from] of [
    ['ftp://otel', {}, '--otlp is "ftp://otel"'],
    ['http://', {}, '--otlp is "http://"'],
    ['env', { OTEL_EXPORTER_OTLP_ENDPOINT: 'otel:4318' }, 'OTEL_EXPORTER_OTLP_ENDPOINT is "otel:4318"'],
    ['env', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'x' }, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is "x"'],
  ] as const)
    assert.throws(
      () => chooseTarget(url, 'traces', env),
      (error) => error instanceof HarkError && error.exitCode === 2 && error.message.startsWith(from),
    );
});
