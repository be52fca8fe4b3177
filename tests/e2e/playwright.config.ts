import { defineConfig } from '@playwright/test'
import { chromium } from '../harness/browser.ts'

const launchOptions = await chromium()

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../test-results',
  globalSetup: './build.setup.ts',
  // for the two cores it is meant to run on: a test waits for the other person's screen half of the time
  workers: 2,
  fullyParallel: false,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  retries: 0,
  reporter: [['list'], ['json', { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ?? 'test-results/report.json' }]],
  use: { launchOptions, serviceWorkers: 'block', locale: 'en-GB', timezoneId: 'Europe/Amsterdam', viewport: { width: 1440, height: 900 } },
})
