/** The generated code is what the script makes of the IDL, byte for byte. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

function files(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    paths.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length), readFileSync(path, 'utf8')] as const;
    }),
  );
}

test('generated again, the code is the same', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sessions-generated-'));
  try {
    execFileSync(process.execPath, [at('scripts/generate.mjs'), folder]);
    expect(files(join(folder, 'src/generated'))).toEqual(files(at('src/generated')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('what is installed is pinned, and comes from whatever registry is configured', () => {
  const lock = readFileSync(at('package-lock.json'), 'utf8');
  expect(lock).not.toMatch(/"resolved": "https?:/);
  const { devDependencies, peerDependencies, overrides } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
  for (const version of Object.values({ ...devDependencies, ...peerDependencies, ...overrides })) {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  }
});
