import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './longest-first.ts'

/** A process takes one file after the other: what they share is loaded, and made fast by the engine, once in each. */
const shared = { isolate: false }

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  // for the runes in `.svelte.ts`
  plugins: [svelte()],
  resolve: { conditions: ['browser'] },
  test: {
    reporters: ['default'],
    // every suite loads the same modules
    fsModuleCache: true,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // waiting for an event, not measuring: what takes long on a busy machine has still happened
    expect: { poll: { timeout: 30_000 } },
    // servers wait for disk and timers most of the time: one more than the two cores they are meant to run on
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          ...{ name: 'unit', ...shared },
          include: ['src/**/*.test.ts', 'server/**/*.test.ts', 'tests/bench/**/*.test.ts', 'tests/architecture.test.ts'],
        },
      },
      { extends: true, test: { name: 'store', include: ['tests/store/**/*.test.ts'] } },
      { extends: true, test: { name: 'server', include: ['tests/server/**/*.test.ts'], testTimeout: 60_000, ...shared } },
      { extends: true, test: { name: 'notes', include: ['tests/notes/**/*.test.ts'], testTimeout: 60_000 } },
      {
        extends: true,
        test: {
          ...{ name: 'nodes', include: ['tests/nodes/**/*.test.ts'], testTimeout: 120_000, ...shared },
          globalSetup: 'tests/nodes/shared-set.ts',
        },
      },
      { extends: true, test: { name: 'soak', include: ['tests/soak/**/*.test.ts'], testTimeout: 240_000 } },
    ],
  },
})
