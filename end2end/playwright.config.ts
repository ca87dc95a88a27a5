// The browser tests run twice: with JavaScript, and without. Whatever needs an island says so in its name
// (`*.island.spec.ts`) and runs only once. Each test starts its own server; see the fixtures beside the tests.
import { defineConfig } from '@playwright/test';

// `cargo xtask test` names the browser and the folder of the results; by hand, these are good guesses.
const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
const results = process.env.TEST_RESULTS ?? '../target/test-results';

// Chromium refuses to build its sandbox for root, which is who runs tests in a container.
const isRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: './tests',
  outputDir: `${results}/playwright`,
  reporter: [['list'], ['json', { outputFile: `${results}/playwright.json` }]],
  forbidOnly: true,
  // A test that holds only at the second try does not hold.
  retries: 0,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    locale: 'en-GB',
    timezoneId: 'Europe/Brussels',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    video: 'off',
    launchOptions: {
      executablePath: chromium,
      args: isRoot ? ['--no-sandbox'] : [],
    },
  },
  projects: [
    { name: 'with JavaScript', use: { javaScriptEnabled: true } },
    {
      name: 'without JavaScript',
      use: { javaScriptEnabled: false },
      testIgnore: '**/*.island.spec.ts',
    },
  ],
});
