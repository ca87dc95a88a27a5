// axe-core on every page, in every state, in both languages, light and dark. It runs as a script, so only with scripts.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { AxeResults } from 'axe-core';

import { expect, test } from './fixtures';
import type { Visitor } from './visitor';
import { everyPage } from './walk';
import { LANGUAGES } from './words';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Axe {
  run: (context: Document, options: object) => Promise<AxeResults>;
}

test.describe.configure({ timeout: 300_000 });

/** What axe has to say, in a line each. `rules` narrows the question. */
async function violations(visitor: Visitor, rules?: string[]): Promise<string[]> {
  const { page } = visitor;
  // Evaluated by the browser's own debugger: the page's policy forbids every script but its own, and stays in force.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
  return page.evaluate(async (rules) => {
    const { axe } = globalThis as unknown as { axe: Axe };
    const only = rules ? { runOnly: { type: 'rule', values: rules } } : {};
    const { violations } = await axe.run(document, { ...only, resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} (${target.join(' ')})`));
  }, rules);
}

for (const language of LANGUAGES) {
  test(`axe finds nothing on any page in ${language}`, async ({ arrive }) => {
    const faults: string[] = [];
    for await (const { name, visitor } of everyPage(arrive, { language })) {
      const { page } = visitor;
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
      faults.push(...(await violations(visitor)).map((fault) => `${name}: ${fault}`));
      await page.emulateMedia({ colorScheme: 'dark' });
      const colours = ['color-contrast', 'link-in-text-block'];
      faults.push(...(await violations(visitor, colours)).map((fault) => `${name}, in the dark: ${fault}`));
    }
    expect(faults).toEqual([]);
  });
}
