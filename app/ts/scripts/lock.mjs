/**
 * Completes `package-lock.json` after a change of what is installed: `npm run lock`. A registry need not offer the builds of a package for other systems,
 * and npm leaves out of the lock what it was not offered; `npm ci` then refuses the lock. They are named here by their exact versions.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const at = new URL('../package-lock.json', import.meta.url);

/** @type {{ packages: Record<string, { dev?: boolean, optionalDependencies?: Record<string, string> }> }} */
const lock = JSON.parse(readFileSync(at, 'utf8'));

/**
 * What a build's name says of its system.
 *
 * @param {string} name
 */
function systemOf(name) {
  const [, os, cpu, libc = ''] =
    /-(android|darwin|freebsd|linux|openbsd|openharmony|win32)-([a-z0-9]+)-?(.*)$/.exec(name) ?? [];
  if (os === undefined || cpu === undefined) throw new Error(`${name} does not say for which system it is`);
  const kind = libc === 'gnu' || libc === 'musl' ? { libc: [libc === 'gnu' ? 'glibc' : 'musl'] } : {};
  return { cpu: [cpu], os: [os], ...kind };
}

for (const { dev, optionalDependencies = {} } of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    lock.packages[`node_modules/${name}`] ??= { version, ...(dev && { dev }), optional: true, ...systemOf(name) };
  }
}
const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
writeFileSync(at, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
