// What every test starts with: a town of its own, and people who arrive there with a browser of their own.
import { type Browser, type BrowserContextOptions, expect, test as base } from '@playwright/test';

import { Town } from './town';
import { Visitor } from './visitor';
import type { Language } from './words';

export interface Arrival extends BrowserContextOptions {
  /** The language that she reads; her browser asks for it as well. */
  language?: Language;
}

export type Arrive = (arrival?: Arrival) => Promise<Visitor>;

interface Fixtures {
  /** A rehearsal town that nobody has touched yet. */
  town: Town;
  /** Somebody opens a browser. Whatever happens in it, no page may complain or ask a stranger for anything. */
  arrive: Arrive;
}

const LOCALES: Record<Language, string> = { en: 'en-GB', fr: 'fr-BE' };

/** Opens a town for as long as `visit` takes. */
export async function inTown(visit: (town: Town) => Promise<void>): Promise<void> {
  const town = await Town.open();
  try {
    await visit(town);
  } finally {
    await town.close();
  }
  expect(town.logged).not.toMatch(/ended in the middle of a test|panic/);
}

/** Lets people arrive in a town for as long as `visit` takes; afterwards none of their browsers may have complained. */
export async function withVisitors(
  { browser, town, hasScripts }: { browser: Browser; town: Town; hasScripts: boolean },
  visit: (arrive: Arrive) => Promise<void>,
): Promise<void> {
  const visitors: Visitor[] = [];
  await visit(async ({ language = 'en', ...options } = {}) => {
    const context = await browser.newContext({ locale: LOCALES[language], ...options });
    const visitor = await Visitor.arrive(context, town, language, hasScripts);
    visitors.push(visitor);
    return visitor;
  });
  for (const visitor of visitors) await visitor.context.close();
  expect(visitors.flatMap((visitor) => visitor.faults)).toEqual([]);
}

export const test = base.extend<Fixtures>({
  town: async ({}, use) => {
    await inTown(use);
  },

  arrive: async ({ browser, town, javaScriptEnabled }, use) => {
    await withVisitors({ browser, town, hasScripts: javaScriptEnabled ?? true }, use);
  },
});

export { expect };
