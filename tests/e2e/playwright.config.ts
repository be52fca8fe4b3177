import { defineConfig } from '@playwright/test'
import { chromium } from '../harness/browser.ts'

const launchOptions = await chromium()

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../test-results',
  globalSetup: './build.setup.ts',
  // two cores: one browser at a time, each test with two people in it
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  retries: 0,
  reporter: [['list'], ['json', { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ?? 'test-results/report.json' }]],
  use: { launchOptions, locale: 'en-GB', timezoneId: 'Europe/Amsterdam', viewport: { width: 1440, height: 900 } },
})
