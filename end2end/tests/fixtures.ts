// What every test starts with: a town of its own, and people who arrive there with a browser of their own.
import { type BrowserContextOptions, expect, test as base } from '@playwright/test';

import { Town } from './town';
import { Visitor } from './visitor';
import type { Language } from './words';

export interface Arrival extends BrowserContextOptions {
  /** The language that she reads; her browser asks for it as well. */
  language?: Language;
}

interface Fixtures {
  /** A rehearsal town that nobody has touched yet. */
  town: Town;
  /** Somebody opens a browser. Whatever happens in it, no page may complain or ask a stranger for anything. */
  arrive: (arrival?: Arrival) => Promise<Visitor>;
}

const LOCALES: Record<Language, string> = { en: 'en-GB', fr: 'fr-BE' };

export const test = base.extend<Fixtures>({
  town: async ({}, use) => {
    const town = await Town.open();
    await use(town);
    await town.close();
    expect(town.logged).not.toMatch(/ended in the middle of a test|panic/);
  },

  arrive: async ({ browser, town, javaScriptEnabled }, use) => {
    const visitors: Visitor[] = [];
    await use(async ({ language = 'en', ...options } = {}) => {
      const context = await browser.newContext({ locale: LOCALES[language], ...options });
      const visitor = await Visitor.arrive(context, town, language, javaScriptEnabled ?? true);
      visitors.push(visitor);
      return visitor;
    });
    for (const visitor of visitors) await visitor.context.close();
    expect(visitors.flatMap((visitor) => visitor.faults)).toEqual([]);
  },
});

export { expect };
