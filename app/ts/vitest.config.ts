import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { copyProgram } from './scripts/program.mjs';

// The tests run on the committed program file.
copyProgram();

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// What deploys the program stands elsewhere and uses what is installed here.
const migrations = {
  root: at('../../migrations'),
  resolve: {
    alias: [
      { find: '@sessions/client/testing', replacement: at('src/testing/index.ts') },
      { find: '@sessions/client', replacement: at('src/index.ts') },
      { find: /^@solana\/kit$/, replacement: at('node_modules/@solana/kit') },
    ],
  },
};

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'embedded',
          include: ['test/embedded/**/*.test.ts', 'test/unit/**/*.test.ts'],
        },
      },
      { extends: true, test: { name: 'rpc', include: ['test/rpc/**/*.test.ts'], globalSetup: 'test/rpc/localnet.ts' } },
      {
        extends: true,
        test: { name: 'browser', include: ['test/browser/**/*.test.ts'], globalSetup: 'test/rpc/localnet.ts' },
      },
      {
        extends: true,
        test: {
          name: 'package',
          include: ['test/package/**/*.test.ts'],
          globalSetup: 'test/rpc/localnet.ts',
          testTimeout: 600_000,
        },
      },
      { extends: true, test: { name: 'scenario', include: ['test/scenario/**/*.test.ts'] } },
      { extends: true, ...migrations, test: { name: 'migrations', include: ['test/embedded/**/*.test.ts'] } },
      {
        extends: true,
        ...migrations,
        test: { name: 'migrations-rpc', include: ['test/rpc/**/*.test.ts'], testTimeout: 300_000 },
      },
    ],
  },
});
