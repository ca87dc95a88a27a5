// axe-core, put into a page that knows nothing of it. It runs as a script, so only with scripts.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The rules that depend on the colours. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

interface Axe {
  run: (context: Document, options: object) => Promise<AxeResults>;
}

/** What axe has to say of a page in the light, and of its colours in the dark, in a line each. */
export async function axeFaults(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  const inTheLight = await violations(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  const inTheDark = await violations(page, COLOURS);
  await page.emulateMedia({ colorScheme: 'light' });
  return [...inTheLight.map((fault) => `in the light: ${fault}`), ...inTheDark.map((fault) => `in the dark: ${fault}`)];
}

async function violations(page: Page, rules?: string[]): Promise<string[]> {
  // Evaluated by the browser's own debugger: the page's policy forbids every script but its own, and stays in force.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
  return page.evaluate(async (rules) => {
    const { axe } = globalThis as unknown as { axe: Axe };
    const only = rules ? { runOnly: { type: 'rule', values: rules } } : {};
    const { violations } = await axe.run(document, { ...only, resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} (${target.join(' ')})`));
  }, rules);
}
