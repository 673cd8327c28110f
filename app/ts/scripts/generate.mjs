/** Writes `src/generated` from the program's IDL: `node scripts/generate.mjs [package folder]`. The same IDL gives the same bytes. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderVisitor } from '@codama/renderers-js';
import { visit } from '@codama/visitors';
import { rootFrom } from './codama/root.mjs';
import { errorTable, eventTable } from './codama/tables.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const packageFolder = resolve(process.argv[2] ?? join(here, '..'));
const generated = join(packageFolder, 'src/generated');

const files = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path) : [path];
  });

/** Node and TypeScript's `nodenext` find a module by its file: the renderer names folders. */
function nameFiles(path) {
  const named = readFileSync(path, 'utf8').replace(
    /(from\s+)(["'])(\.{1,2}(?:\/[^"']+)?)\2/g,
    (_, from, quote, target) => {
      const folder = statSync(join(dirname(path), target), { throwIfNoEntry: false })?.isDirectory();
      return `${from}${quote}${target}${folder ? '/index' : ''}.js${quote}`;
    },
  );
  // The renderer writes what an older kit answered here; what this one does follows from its types.
  writeFileSync(path, named.replace(/(\(client: T\)): Omit<T, '\w+'> & \{ \w+: \w+ \} =>/, '$1 =>'));
}

const idl = JSON.parse(readFileSync(join(here, '../../../idl/sessions.json'), 'utf8'));
const warn = console.warn;
// The reader of the IDL tells of address names that it had to change; all of them are replaced.
console.warn = () => {};
const { root, errors, events } = rootFrom(idl);
console.warn = warn;

await visit(
  root,
  renderVisitor(packageFolder, {
    kitImportStrategy: 'rootOnly',
    syncPackageJson: false,
    prettierOptions: { printWidth: 120, singleQuote: true },
  }),
);
for (const path of files(generated)) nameFiles(path);
writeFileSync(join(generated, 'eventTable.ts'), eventTable(events));
writeFileSync(join(generated, 'errorTable.ts'), errorTable(errors));
