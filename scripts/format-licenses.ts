import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly text: string;
}

/**
 * The licences of the packages that modules come from, in full.
 * @param moduleIds absolute paths of bundled modules
 * @throws Error when a package has no licence text to give along
 */
export function formatLicenses(moduleIds: readonly string[]): string {
  const folders = new Set(moduleIds.map(findPackage).filter((folder) => folder !== ''));
  const packages = [...folders].map(readPackage).sort((a, b) => a.name.localeCompare(b.name));
  const parts = packages.map(
    ({ name, version, license, text }) => `${name} ${version} (${license})\n\n${text.trim()}\n`,
  );
  return `Hark includes the following packages.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

/** The folder of the package that a module lies in; empty for our own. */
function findPackage(moduleId: string): string {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(moduleId.replaceAll('\\', '/'))?.[0] ?? '';
}

function readPackage(folder: string): Package {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  if (file === undefined) throw new Error(`the package ${name} in ${folder} holds no licence text`);
  return { name, version, license, text: readFileSync(join(folder, file), 'utf8') };
}
