import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

interface LockedPackage {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly hasInstallScript?: boolean;
  readonly integrity?: string;
}

function readJson(name: string) {
  return JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'));
}

const packages: Readonly<Record<string, LockedPackage>> = readJson('package-lock.json').packages;
const locked = Object.entries(packages).filter(([path]) => path !== '');

test('package-lock.json holds the optional packages of every platform, without which npm ci fails on it', () => {
  const wanted = locked.flatMap(([, { optionalDependencies = {} }]) => Object.keys(optionalDependencies));
  assert.ok(wanted.length > 0);
  assert.deepEqual(
    wanted.filter((name) => packages[`node_modules/${name}`] === undefined),
    [],
  );
});

test('package-lock.json holds a digest of every package', () => {
  assert.deepEqual(
    locked.filter(([, { integrity }]) => integrity === undefined).map(([path]) => path),
    [],
  );
});

test('package-lock.json has no package with an install script but the approved one', () => {
  const withScript = locked.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path);
  const approved = Object.keys(readJson('package.json').allowScripts).map((name) => `node_modules/${name}`);
  assert.deepEqual(withScript, approved);
});
