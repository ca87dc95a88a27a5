// The help centre and its articles: what they say, and where they lead.
import { expect, test } from './fixtures';
import { ODILE, managerReading } from './people';
import type { Visitor } from './visitor';
import { ARTICLES } from './walk';
import { LANGUAGES, href } from './words';

const TROUBLES = 'troubles-or-issues-with-signing-in';
const PROVIDERS = 'sign-in-with-google-or-microsoft';
const TWO_FACTOR = 'two-factor-authentication-2fa';
const NEW_USER = 'add-a-new-user';

async function read(visitor: Visitor, slug: string): Promise<void> {
  const answer = await visitor.visit(`/help/article/${slug}`);
  expect(answer.status()).toBe(200);
}

test('[A01] [A04] [A11] the troubles article stands in its category, with title and date', { tag: '@once' }, async ({ arrive }) => {
  const reader = await arrive();
  const { page } = reader;
  await reader.visit('/help');
  await page.getByRole('link', { name: 'General Support', exact: true }).click();
  await expect(reader.heading('General Support')).toBeVisible();
  await page.getByRole('link', { name: 'Troubles or issues with signing in', exact: true }).click();
  await reader.standsOn(`/help/article/${TROUBLES}`);
  await expect(reader.heading('Troubles or issues with signing in')).toBeVisible();
  const category = page.getByText('Articles on: General Support', { exact: true });
  await expect(category).toBeVisible();
  const above = (await category.boundingBox())?.y ?? Infinity;
  expect(above).toBeLessThan((await page.getByRole('heading', { level: 1 }).boundingBox())?.y ?? 0);
  await expect(page.getByText('Updated on: 23/05/2024', { exact: true })).toBeVisible();
});

const ALSO = {
  en: 'This article is also available in:',
  fr: 'Cet article est aussi disponible en\u00a0:',
};

for (const language of LANGUAGES) {
  // That an article which exists in one language only shows no line at all cannot be seen here, since every article
  // exists in both: a unit test of the crate `help` shows it. What can be seen is that no link is dead, that none leads
  // to the language that is being read, and that no other language is forgotten.
  const id = language === 'en' ? '[A02] [A03]' : '[A02] [A03] [D02]';
  test(`${id} in ${language}, each article leads to itself in the other language and back`, { tag: '@once' }, async ({ arrive }) => {
    const reader = await arrive({ language });
    const { page } = reader;
    const other = language === 'en' ? 'fr' : 'en';
    for (const slug of ARTICLES) {
      await read(reader, slug);
      const title = await page.getByRole('heading', { level: 1 }).innerText();
      const links = page.getByText(ALSO[language]).getByRole('link');
      await expect(links).toHaveText([{ en: 'English', fr: 'Français' }[other]]);
      await links.click();
      await expect(page).toHaveURL(reader.server.origin + href(other, `/help/article/${slug}`));
      expect(reader.lastAnswer.status()).toBe(200);
      await expect(page.locator('html')).toHaveAttribute('lang', other);
      await expect(page.getByRole('heading', { level: 1 })).not.toHaveText(title);
      await page.getByText(ALSO[other]).getByRole('link').click();
      await reader.standsOn(`/help/article/${slug}`);
      await expect(reader.heading(title)).toBeVisible();
    }
  });
}

test('[A05] the troubles article speaks to managers and to citizens, in parts', { tag: '@once' }, async ({ arrive }) => {
  const reader = await arrive();
  await read(reader, TROUBLES);
  const outline = reader.page.locator('main').getByRole('heading');
  const shown: string[] = [];
  for (const heading of await outline.all()) {
    shown.push(`${await heading.evaluate((element) => element.tagName)} ${await heading.innerText()}`);
  }
  const managers = shown.indexOf('H2 For back-office users');
  const citizens = shown.indexOf('H2 For citizens or website visitors');
  const unconfirmed = shown.indexOf('H3 The email address is not confirmed');
  const forgotten = shown.indexOf('H3 The password is forgotten');
  const next = shown.findIndex((heading, index) => index > citizens && heading.startsWith('H2'));
  expect(managers).toBeGreaterThanOrEqual(0);
  expect(citizens).toBeGreaterThan(managers);
  expect(unconfirmed).toBeGreaterThan(citizens);
  expect(forgotten).toBeGreaterThan(unconfirmed);
  expect(next).toBeGreaterThan(forgotten);
});

for (const language of LANGUAGES) {
  const request = { en: 'you can request it here', fr: 'vous pouvez en faire la demande ici' }[language];
  test(`[A06] in ${language}, “${request}” leads to the article about new users`, { tag: '@once' }, async ({ arrive }) => {
    const reader = await arrive({ language });
    await read(reader, TROUBLES);
    await reader.page.getByRole('link', { name: request, exact: true }).click();
    await reader.standsOn(`/help/article/${NEW_USER}`);
    const title = { en: 'Add a new user', fr: 'Ajouter un nouvel utilisateur' }[language];
    await expect(reader.heading(title)).toBeVisible();
    await expect(reader.page.locator('html')).toHaveAttribute('lang', language);
  });

  test(`[A07] in ${language}, the way to fix it is a list of three numbered steps`, { tag: '@once' }, async ({ arrive }) => {
    const reader = await arrive({ language });
    await read(reader, TROUBLES);
    const heading = { en: 'How to fix this?', fr: 'Comment y remédier\u202f?' }[language];
    const list = reader.page.locator('h4', { hasText: heading }).locator('xpath=following-sibling::ol[1]');
    await expect(list.getByRole('listitem')).toHaveCount(3);
    // Their numbers are drawn by the list itself or, in our own face, by a counter.
    const drawn = await list.evaluate((element) => {
      const before = [...element.children].map((item) => getComputedStyle(item, '::before').content);
      return getComputedStyle(element).listStyleType === 'decimal' || before.every((text) => text.includes('counter('));
    });
    expect(drawn).toBe(true);
  });

  test(`[A08] in ${language}, the picture shows the check icon, and says so in words`, { tag: '@once' }, async ({ arrive }) => {
    const reader = await arrive({ language });
    await read(reader, TROUBLES);
    const said = {
      en: /check icon.*confirms this participant/,
      fr: /icône en forme de coche.*confirme ce participant/,
    }[language];
    const picture = reader.page.getByRole('img', { name: said });
    await picture.scrollIntoViewIfNeeded();
    await expect(picture).toBeVisible();
    await expect
      .poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0))
      .toBe(true);
    const caption = { en: /^Confirm a user/, fr: /^Confirmer un utilisateur/ }[language];
    await expect(reader.page.locator('figure', { has: picture }).getByText(caption)).toBeVisible();
  });

  test(`[A09] in ${language}, the warning is set apart for eye and ear`, { tag: '@once' }, async ({ arrive }) => {
    const reader = await arrive({ language });
    await read(reader, TROUBLES);
    const warning = reader.page.getByRole('note', { name: { en: 'Please note', fr: 'À noter' }[language] });
    await expect(warning).toBeVisible();
    await expect(warning).toContainText({ en: 'not recommended', fr: 'n’est pas recommandé' }[language]);
    await expect(warning).toContainText({ en: 'last resort', fr: 'dernier recours' }[language]);
    const background = (target: typeof warning): Promise<string> =>
      target.evaluate((element) => {
        const { backgroundColor, borderInlineStartWidth } = getComputedStyle(element);
        return `${backgroundColor} ${borderInlineStartWidth}`;
      });
    expect(await background(warning)).not.toBe(await background(reader.page.locator('.prose > p').first()));
  });

  test(`[A10] in ${language}, the address of support is a mail link`, { tag: '@once' }, async ({ arrive }) => {
    const reader = await arrive({ language });
    for (const slug of ARTICLES) {
      await read(reader, slug);
      const links = reader.page.getByRole('main').getByRole('link', { name: 'support@bpart.be', exact: true });
      for (const link of await links.all()) await expect(link).toHaveAttribute('href', 'mailto:support@bpart.be');
      // No mention of it stands there as bare text.
      const mentions = (await reader.page.getByRole('main').innerText()).split('support@bpart.be').length - 1;
      await expect(links).toHaveCount(mentions);
      expect(mentions).toBeGreaterThan(0);
    }
  });

  test(`[A17] [B03] in ${language}, the articles lead to the back office’s own address`, { tag: '@once' }, async ({ arrive }) => {
    const manager = managerReading(language);
    const reader = await arrive({ language });
    const { page, server } = reader;
    // The way to two-factor authentication is for everybody: it begins at the reader's own door.
    await read(reader, TWO_FACTOR);
    await page.locator('.prose ol li').first().getByRole('link').click();
    await expect(page).toHaveURL(`${server.origin}${href(language, '/sign-in')}?next=%2Fsettings`);
    for (const slug of [TROUBLES, PROVIDERS, NEW_USER]) {
      await read(reader, slug);
      const address = server.origin + href(language, '/sign-in');
      const link = page.getByRole('main').getByRole('link', { name: address, exact: true }).first();
      await link.click();
      await reader.standsOn('/sign-in');
    }
    // It is the managers' door, and says so. Citizens have none here: their platform will have addresses of its own.
    await expect(page.getByRole('main')).toContainText(reader.words('sign_in.lead'));
    await expect(page.getByRole('banner')).toContainText(reader.words('common.back_office'));
    await reader.field('sign_in.email').fill(manager.email);
    await reader.field('sign_in.password').fill(manager.password);
    await reader.button('sign_in.submit').click();
    await reader.isIn(manager);
    const cookies = await reader.context.cookies();
    expect(cookies.map((cookie) => cookie.name)).toContain('back-office');
    expect(cookies.filter((cookie) => cookie.name.startsWith('p-'))).toEqual([]);
  });
}

test('[B01] [B02] the article about Google and Microsoft has its sections and its date', { tag: '@once' }, async ({ arrive }) => {
  const reader = await arrive();
  const { page } = reader;
  await read(reader, PROVIDERS);
  const text = page.locator('.prose');
  await expect(text.getByRole('heading', { level: 2 })).toHaveText([
    'Authentication and login with Google',
    'Authentication and login with Microsoft',
    'Limitations and possible issues',
  ]);
  await expect(text.getByRole('heading', { level: 3 })).toHaveText([
    'You do not yet have access',
    'You already have access',
    'Unlinking an account',
  ]);
  const microsoft = text.getByRole('heading', { name: 'Authentication and login with Microsoft' });
  const parts = microsoft.locator('xpath=following-sibling::*[self::h2 or self::h3]');
  await expect(parts.nth(0)).toHaveText('You do not yet have access');
  await expect(parts.nth(1)).toHaveText('You already have access');
  await expect(page.getByText('Updated on: 12/02/2025', { exact: true })).toBeVisible();
});

test('[B04] managers manage their projects in the back office, also called admin interface', { tag: '@once' }, async ({ arrive }) => {
  const reader = await arrive();
  await read(reader, PROVIDERS);
  await expect(reader.page.getByRole('main')).toContainText(
    'Managers manage their projects in the back office, also called the admin interface',
  );
  await reader.signIn(ODILE);
  await expect(reader.page.getByRole('heading', { level: 2, name: 'Bellerive' })).toBeVisible();
  const projects = await reader.page.getByRole('main').getByRole('listitem').allTextContents();
  expect(projects.toSorted()).toEqual(['A quay for everybody', 'Participatory budget 2027']);
});

for (const [language, id, date, sections] of [
  [
    'en',
    '[C42] [C43]',
    'Updated on: 21/05/2025',
    [
      '1. What is two-factor authentication (2FA)?',
      '2. How to enable 2FA?',
      '3. What to do if you are locked out?',
    ],
  ],
  [
    'fr',
    '[D03] [D04] [D23]',
    'Mis à jour le\u00a0: 21/05/2025',
    [
      '1. Qu’est-ce que l’authentification à deux facteurs (2FA)\u202f?',
      '2. Comment activer 2FA\u202f?',
      '3. Que faire en cas de perte d’accès\u202f?',
    ],
  ],
] as const) {
  test(`${id} the two-factor article has its numbered sections, reached from the contents`, { tag: '@once' }, async ({ arrive }) => {
    const reader = await arrive({ language });
    const { page } = reader;
    await read(reader, TWO_FACTOR);
    const title = { en: 'Two-factor authentication (2FA)', fr: 'Authentification à deux facteurs (2FA)' }[language];
    await expect(reader.heading(title)).toBeVisible();
    await expect(page.getByText(date, { exact: true })).toBeVisible();
    await expect(page.locator('.prose').getByRole('heading', { level: 2 })).toHaveText([...sections]);
    const contents = page.getByRole('navigation', { name: reader.words('help.contents') });
    for (const section of sections) {
      await contents.getByRole('link', { name: section, exact: true }).click();
      await expect(page.getByRole('heading', { level: 2, name: section, exact: true })).toBeInViewport();
      expect(new URL(page.url()).hash).not.toBe('');
    }
  });
}

test('[D01] l’article français se trouve sous « Support général »', { tag: '@once' }, async ({ arrive }) => {
  const reader = await arrive({ language: 'fr' });
  const { page } = reader;
  await reader.visit('/help');
  await page.getByRole('link', { name: 'Support général', exact: true }).click();
  await expect(reader.heading('Support général')).toBeVisible();
  await page.getByRole('link', { name: 'Authentification à deux facteurs (2FA)', exact: true }).click();
  await reader.standsOn(`/help/article/${TWO_FACTOR}`);
  await expect(page.getByText('Articles sur\u00a0: Support général', { exact: true })).toBeVisible();
});

for (const language of LANGUAGES) {
  test(`in ${language}, the search finds an article and says when there is none`, async ({ arrive }) => {
    const reader = await arrive({ language });
    const { page } = reader;
    await reader.visit('/help');
    await reader.field('help.search.label').fill({ en: 'lost telephone', fr: 'téléphone perdu' }[language]);
    await reader.button('help.search.submit').click();
    const title = { en: 'Two-factor authentication (2FA)', fr: 'Authentification à deux facteurs (2FA)' }[language];
    await expect(page.getByRole('main').getByRole('link', { name: title })).toBeVisible();
    await reader.field('help.search.label').fill('<b>xylophone</b>');
    await reader.button('help.search.submit').click();
    const none = reader.words('help.search.none', { query: '<b>xylophone</b>' });
    await expect(page.getByText(none)).toBeVisible();
  });
}
