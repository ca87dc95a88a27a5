// What holds for every page in every state and in both languages.
//
// The walk is long, so it is taken once for each language with scripts, and once without: it brings back what each page looked
// like, and every test looks at that. A new check of all pages belongs into the picture, and not into a walk of its own.
import { join } from 'node:path';

import type { Page } from '@playwright/test';
import { FileSystemConfigLoader, HtmlValidate } from 'html-validate';

import { axeFaults } from './axe';
import { expect, onTestServer, withVisitors } from './fixtures';
import { test } from './providers';
import type { TestServer } from './test-server';
import { ARTICLES, everyPage } from './walk';
import { LANGUAGES, PROJECT, articleSource, words } from './words';

/** A page as it was seen. */
interface Picture {
  name: string;
  source: string;
  title: string;
  language: string;
  headings: string[];
  /** How wide the page is in a window of 320 pixels. */
  width: number;
  /** What is read, and what is read out: texts in the language of the page. */
  texts: string[];
  /** What is written on buttons, links, headings and the like. */
  labels: string[];
  /** The labels that an article quotes. */
  quoted: string[];
  /** What axe objects to. */
  axe: string[];
}

/** A window of 1280 pixels that is zoomed to 400 % (WCAG 1.4.10), and the window itself. */
const NARROW = { width: 320, height: 640 };
const WIDE = { width: 1280, height: 720 };

/** A folder for photographs of all pages, for somebody to look at: PICTURES=folder cargo xtask test browser. */
const PICTURES = process.env.PICTURES;

const validator = new HtmlValidate(new FileSystemConfigLoader());

for (const language of LANGUAGES) {
  // Without scripts the walk is taken in the language with the longer words only.
  test.describe(`in ${language}`, { tag: language === 'en' ? '@once' : [] }, () => {
    let pictures: Picture[] = [];

    test.describe.configure({ mode: 'default' });

    test.beforeAll('the walk', async ({ model, beside, browsers, javaScriptEnabled }) => {
      test.setTimeout(600_000);
      const hasScripts = javaScriptEnabled ?? true;
      pictures = [];
      beside.forget();
      const walk = async (server: TestServer): Promise<void> => {
        await withVisitors({ browsers, server, hasScripts }, async (arrive) => {
          for await (const { name, visitor } of everyPage(arrive, beside, { language, viewport: NARROW })) {
            const { page } = visitor;
            const seen = { name, source: await visitor.source(), ...(await page.evaluate(look)) };
            const file = [language, pictures.length, hasScripts ? 'scripts' : 'plain', name.replaceAll('/', ' ')].join('-');
            if (PICTURES) await photograph(page, join(PICTURES, file));
            if (hasScripts) await page.setViewportSize(WIDE);
            pictures.push({ ...seen, axe: hasScripts ? await axeFaults(page) : [] });
            if (hasScripts) await page.setViewportSize(NARROW);
          }
        });
      };
      await onTestServer(model, walk, beside.settings);
    });

    test('axe finds nothing on any page', { tag: '@scripts' }, () => {
      expect(pictures.flatMap(({ name, axe }) => axe.map((fault) => `${name}, ${fault}`))).toEqual([]);
      expect(pictures.length).toBeGreaterThan(40);
    });

    test('the HTML is valid', async () => {
      const faults: string[] = [];
      for (const { name, source } of pictures) {
        const report = await validator.validateString(source, join(PROJECT, 'end2end', 'page.html'));
        for (const { ruleId, message, selector } of report.results.flatMap((result) => result.messages)) {
          faults.push(`${name}: ${ruleId}: ${message} (${selector})`);
        }
      }
      expect(faults).toEqual([]);
      expect(pictures.length).toBeGreaterThan(40);
    });

    test('each page says its language, and has one main heading, which is its title', () => {
      const faults = pictures.filter(({ language: said, title, headings }) => {
        const called = `${headings[0]} – Bpart`;
        // A page that was refused something says so first.
        const titles = [called, words(language, 'errors.title', { title: called })];
        return said !== language || headings.length !== 1 || !titles.includes(title);
      });
      expect(faults.map(({ name, language: said, title, headings }) => ({ name, said, title, headings }))).toEqual([]);
    });

    test('nothing scrolls sideways at 320 pixels', () => {
      const wide = pictures.filter(({ width }) => width > 320);
      expect(wide.map(({ name, width }) => `${name}: ${width} pixels`)).toEqual([]);
    });

    test('[D28] a label quoted by an article is the label on the screen, and in the translation files', () => {
      const others = pictures.filter(({ name }) => !name.startsWith('article') && name !== 'building blocks');
      const screen = new Set(others.flatMap(({ labels }) => labels));
      for (const slug of ARTICLES) {
        const source = articleSource(language, slug);
        const keys = [...source.matchAll(/\{\{label:([\w.]+)\}\}/g)].map(([, key = '']) => key);
        const quoted = pictures.find(({ name }) => name === `article ${slug}`)?.quoted ?? [];
        expect(quoted, `${slug}, against the translation files`).toEqual(keys.map((key) => words(language, key)));
        expect(quoted.filter((label) => !screen.has(label)), `${slug}, against the screen`).toEqual([]);
      }
    });

    if (language === 'fr') {
      test('[D30] French typography is kept', () => {
        const faults = pictures.flatMap(({ name, texts }) =>
          texts.flatMap(typographyFaults).map((fault) => `${name}: ${fault}`),
        );
        expect(faults).toEqual([]);
      });
    }
  });
}

/** Narrow and wide, in the light and in the dark. */
async function photograph(page: Page, start: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const viewport of [WIDE, NARROW]) {
      await page.setViewportSize(viewport);
      await page.screenshot({ path: `${start}-${viewport.width}-${colorScheme}.png`, fullPage: true });
    }
  }
  await page.emulateMedia({ colorScheme: null });
}

/** Looks at the page. Runs in the browser, and leaves everything as it was. */
function look(): Omit<Picture, 'name' | 'source' | 'axe'> {
  const all = <T extends HTMLElement>(selector: string): T[] => [...document.querySelectorAll<T>(selector)];
  const textsOf = (selector: string): string[] => all(selector).map((element) => element.textContent?.trim() ?? '');
  const width = document.documentElement.scrollWidth;

  // What is written in another language, and what is typed letter for letter, follows other rules of typography.
  const tongue = document.documentElement.lang;
  const others = all(`[lang]:not(html):not([lang=${tongue}]), code`).filter((element) => !element.hidden);
  const closed = all<HTMLDetailsElement>('details:not([open])');
  for (const other of others) other.hidden = true;
  for (const details of closed) details.open = true;
  const seen = document.body.innerText;
  for (const other of others) other.hidden = false;
  for (const details of closed) details.open = false;
  const names = ['aria-label', 'alt', 'title', 'placeholder'];
  const heard = all(names.map((name) => `[${name}]`).join()).flatMap((element) =>
    names.map((name) => element.getAttribute(name) ?? ''),
  );
  const description = document.querySelector('meta[name=description]')?.getAttribute('content') ?? '';

  return {
    title: document.title,
    language: tongue,
    headings: all('h1').map((heading) => heading.innerText),
    width,
    texts: [document.title, description, seen, ...heard],
    labels: textsOf('a, button, summary, label, h1, h2, h3, .tag, [role=status] *'),
    quoted: textsOf('.prose strong.label'),
  };
}

/** Each breach of the rules of French typography, with the words around it. */
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
