// What every test starts with: a town of its own, and people who arrive there with a browser of their own.
import { type BrowserContextOptions, expect, test as base } from '@playwright/test';

import { Browsers } from './browsers';
import { type Model, Town } from './town';
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
  /** A rehearsal town that nobody has touched yet. */
  town: Town;
  /** Somebody opens a browser. Whatever happens in it, no page may complain or ask a stranger for anything. */
  arrive: Arrive;
}

/** What a worker builds once and uses for all its tests. */
interface Kept {
  model: Model;
  browsers: Browsers;
}

const LOCALES: Record<Language, string> = { en: 'en-GB', fr: 'fr-BE' };

/** Opens a town for as long as `visit` takes. `settings` are environment variables of the program. */
export async function inTown(
  model: Model,
  visit: (town: Town) => Promise<void>,
  settings: Record<string, string> = {},
): Promise<void> {
  const town = await Town.like(model, settings);
  try {
    await visit(town);
  } finally {
    await town.close();
  }
  expect(town.logged).not.toMatch(/ended in the middle of a test|panic/);
}

/** Lets people arrive in a town for as long as `visit` takes; afterwards none of their browsers may have complained. */
export async function withVisitors(
  { browsers, town, hasScripts }: { browsers: Browsers; town: Town; hasScripts: boolean },
  visit: (arrive: Arrive) => Promise<void>,
): Promise<void> {
  const visitors: Visitor[] = [];
  try {
    await visit(async ({ language = 'en', isNew = false, ...options } = {}) => {
      const locale = LOCALES[language];
      const isPlain = !isNew && Object.keys(options).length === 0;
      const page = await (isPlain ? browsers.take(locale) : browsers.takeNew({ locale, ...options }));
      const visitor = new Visitor(page, town, language, hasScripts);
      visitors.push(visitor);
      return visitor;
    });
  } finally {
    // A page of the same address is shown by the same process: the next visitor need not wait for a new one.
    for (const { page } of visitors) await browsers.giveBack(page, `${town.origin}/robots.txt`);
  }
  expect(visitors.flatMap((visitor) => visitor.faults)).toEqual([]);
}

export const test = base.extend<Fixtures, Kept>({
  model: [
    async ({}, use) => {
      const model = await Town.model();
      await use(model);
      await Town.forget(model);
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

  town: async ({ model }, use) => {
    await inTown(model, use);
  },

  arrive: async ({ browsers, town, javaScriptEnabled }, use) => {
    await withVisitors({ browsers, town, hasScripts: javaScriptEnabled ?? true }, use);
  },
});

export { expect };
