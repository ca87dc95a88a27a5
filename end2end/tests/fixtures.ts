// What every test starts with: a server of its own, and people who arrive there with a browser of their own.
import { type BrowserContextOptions, expect, test as base } from '@playwright/test';

import { Browsers } from './browsers';
import { type Model, TestServer } from './test-server';
import { Visitor } from './visitor';
import type { Language } from './words';

export interface Arrival extends BrowserContextOptions {
  /** The language that she reads; her browser asks for it as well. */
  language?: Language;
  /** Her browser has never seen anything: nothing of an earlier test is in its cache. */
  isNew?: boolean;
}

export type Arrive = (arrival?: Arrival) => Promise<Visitor>;

interface Fixtures {
  /** A server with the people of the demo, which no test has used yet. */
  server: TestServer;
  /** Somebody opens a browser. Whatever happens in it, no page may complain or ask a stranger for anything. */
  arrive: Arrive;
}

/** What a worker builds once and uses for all its tests. */
interface Kept {
  model: Model;
  browsers: Browsers;
}

const LOCALES: Record<Language, string> = { en: 'en-GB', fr: 'fr-BE' };

/** Runs a server for as long as `visit` takes. `settings` are environment variables of the program. */
export async function onTestServer(
  model: Model,
  visit: (server: TestServer) => Promise<void>,
  settings: Record<string, string> = {},
): Promise<void> {
  const server = await TestServer.like(model, settings);
  try {
    await visit(server);
  } finally {
    await server.close();
  }
  expect(server.logged).not.toMatch(/ended in the middle of a test|panic/);
}

/** Lets people arrive at a server for as long as `visit` takes; afterwards none of their browsers may have complained. */
export async function withVisitors(
  { browsers, server, hasScripts }: { browsers: Browsers; server: TestServer; hasScripts: boolean },
  visit: (arrive: Arrive) => Promise<void>,
): Promise<void> {
  const visitors: Visitor[] = [];
  try {
    await visit(async ({ language = 'en', isNew = false, ...options } = {}) => {
      const locale = LOCALES[language];
      const isPlain = !isNew && Object.keys(options).length === 0;
      const page = await (isPlain ? browsers.take(locale) : browsers.takeNew({ locale, ...options }));
      const visitor = new Visitor(page, server, language, hasScripts);
      visitors.push(visitor);
      return visitor;
    });
  } finally {
    // A page of the same address is shown by the same process: the next visitor need not wait for a new one.
    for (const { page } of visitors) await browsers.giveBack(page, `${server.origin}/robots.txt`);
  }
  expect(visitors.flatMap((visitor) => visitor.faults)).toEqual([]);
}

export const test = base.extend<Fixtures, Kept>({
  model: [
    async ({}, use) => {
      const model = await TestServer.model();
      await use(model);
      await TestServer.forget(model);
    },
    { scope: 'worker' },
  ],

  browsers: [
    async ({ browser }, use) => {
      const browsers = new Browsers(browser);
      await use(browsers);
      await browsers.close();
    },
    { scope: 'worker' },
  ],

  server: async ({ model }, use) => {
    await onTestServer(model, use);
  },

  arrive: async ({ browsers, server, javaScriptEnabled }, use) => {
    await withVisitors({ browsers, server, hasScripts: javaScriptEnabled ?? true }, use);
  },
});

export { expect };
