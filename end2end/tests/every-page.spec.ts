// What holds for every page in every state and in both languages.
import { join } from 'node:path';

import { FileSystemConfigLoader, HtmlValidate } from 'html-validate';

import { expect, test } from './fixtures';
import { everyPage } from './walk';
import { LANGUAGES, PROJECT } from './words';

const validator = new HtmlValidate(new FileSystemConfigLoader());

test.describe.configure({ timeout: 180_000 });

for (const language of LANGUAGES) {
  test.describe(`in ${language}`, () => {
    test('the HTML is valid, and nothing scrolls sideways at 320 pixels', async ({ arrive }) => {
      const faults: string[] = [];
      let stops = 0;
      const small = { viewport: { width: 320, height: 640 } };
      for await (const { name, visitor } of everyPage(arrive, { language, ...small })) {
        const { page } = visitor;
        const report = await validator.validateString(await visitor.source(), join(PROJECT, 'end2end', 'page.html'));
        const messages = report.results.flatMap((result) => result.messages);
        faults.push(...messages.map(({ ruleId, message, selector }) => `${name}: ${ruleId}: ${message} (${selector})`));
        const tongue = await page.locator('html').getAttribute('lang');
        if (tongue !== language) faults.push(`${name}: the language is said to be ${tongue}`);
        const headings = await page.getByRole('heading', { level: 1 }).allInnerTexts();
        if (headings.length !== 1) faults.push(`${name}: ${headings.length} main headings`);
        if ((await page.title()) !== `${headings[0]} – Bpart`) faults.push(`${name}: the title is ${await page.title()}`);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        if (width > 320) faults.push(`${name}: ${width} pixels wide`);
        stops += 1;
      }
      expect(faults).toEqual([]);
      expect(stops).toBeGreaterThan(40);
    });
  });
}

test('[D30] French typography is kept on every French page', async ({ arrive }) => {
  const faults: string[] = [];
  for await (const { name, visitor } of everyPage(arrive, { language: 'fr' })) {
    // The samples of the building blocks are English in both languages; real words come from `locales`.
    if (name === 'building blocks') continue;
    const texts = await visitor.page.evaluate(readable);
    faults.push(...texts.flatMap(typographyFaults).map((fault) => `${name}: ${fault}`));
  }
  expect(faults).toEqual([]);
});

/** What a French reader sees, and what is read out to her. Runs in the browser, and leaves the page as it was. */
function readable(): string[] {
  // What is written in another language, and what is typed letter for letter, follows other rules.
  const others = [...document.querySelectorAll<HTMLElement>('[lang]:not(html):not([lang=fr]), code')];
  const closed = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open])')];
  for (const other of others) other.hidden = true;
  for (const details of closed) details.open = true;
  const seen = document.body.innerText;
  for (const other of others) other.hidden = false;
  for (const details of closed) details.open = false;
  const names = ['aria-label', 'alt', 'title', 'placeholder'];
  const named = [...document.querySelectorAll(names.map((name) => `[${name}]`).join())];
  const heard = named.flatMap((element) => names.map((name) => element.getAttribute(name) ?? ''));
  const description = document.querySelector('meta[name=description]')?.getAttribute('content') ?? '';
  return [document.title, description, seen, ...heard];
}

/** Each breach of the rules with the words around it. */
function typographyFaults(text: string): string[] {
  const rules: [string, RegExp][] = [
    ['U+202F before ; ! ?', /(?<![\u202f;!?])[;!?]+/gu],
    ['U+00A0 before :', /(?<!\u00a0):(?=\s|$)/gu],
    ['U+00A0 inside « »', /«(?!\u00a0)|(?<!\u00a0)»/gu],
    ['’ instead of \'', /'/gu],
    ['« » instead of " and “ ”', /["“”]/gu],
    ['… instead of ...', /\.\.\./gu],
  ];
  // In an address, ? and : are no punctuation.
  const prose = text.replaceAll(/\bhttps?:\/\/\S+|\bmailto:\S+/g, '');
  return rules.flatMap(([rule, breach]) =>
    [...prose.matchAll(breach)].map(({ index }) => `${rule}: ${prose.slice(Math.max(0, index - 20), index + 10)}`),
  );
}
