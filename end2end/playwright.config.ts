// The browser tests run twice: with JavaScript, and without. What needs an island says so in its name
// (`*.island.spec.ts`, or the tag `@scripts` of a single test). What a script cannot change runs once: plain requests,
// the pages of the issuers, texts of static pages, mails, and rules of the server (the tag `@once`). Each test starts
// its own server; see the fixtures beside the tests.
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
  // Tests share nothing, so that each worker takes the next one; but for those that look at one walk together.
  fullyParallel: true,
  // A test that holds only at the second try does not hold.
  retries: 0,
  workers: 2,
  // Generous, since other work may share the machine: a test that holds does not use them up.
  timeout: 180_000,
  expect: { timeout: 20_000 },
  use: {
    locale: 'en-GB',
    timezoneId: 'Europe/Brussels',
    // To record each test costs more than a quarter of the time. To look into a failure, TRACE=retain-on-failure.
    trace: process.env.TRACE === 'retain-on-failure' ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    video: 'off',
    // Pages that melt into each other cost a third of the time, since a browser without a graphics card paints each step of
    // it. Tests of what moves ask for motion.
    contextOptions: { reducedMotion: 'reduce' },
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
      testIgnore: ['**/*.island.spec.ts', '**/issuers.spec.ts', '**/security.spec.ts'],
      grepInvert: /@scripts|@once/,
    },
  ],
});
