// The help centre and its articles: what they say, where they lead, and what readers answer.
import { expect, test } from './fixtures';
import { AMINA, ODILE, managerReading } from './people';
import type { Visitor } from './visitor';
import { ARTICLES, everyPage } from './walk';
import { LANGUAGES, type Language, articleSource, href, words } from './words';

const TROUBLES = 'troubles-or-issues-with-signing-in';
const PROVIDERS = 'sign-in-with-google-or-microsoft';
const TWO_FACTOR = 'two-factor-authentication-2fa';
const NEW_USER = 'add-a-new-user';

async function read(visitor: Visitor, slug: string): Promise<void> {
  const answer = await visitor.visit(`/help/article/${slug}`);
  expect(answer.status()).toBe(200);
}

test('[A01] [A04] [A11] the troubles article stands in its category, with title and date', async ({ arrive }) => {
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

for (const language of LANGUAGES) {
  // That an article which exists in one language only shows no line at all cannot be seen here, since every article
  // exists in both: a unit test of the crate `help` shows it. What can be seen is that no link is dead, that none leads
  // to the language that is being read, and that no other language is forgotten.
  const line = { en: 'This article is also available in:', fr: 'Cet article est aussi disponible en\u00a0:' }[language];
  const id = language === 'en' ? '[A02] [A03]' : '[A02] [A03] [D02]';
  test(`${id} in ${language}, each article leads to itself in the other language and back`, async ({ arrive }) => {
    const reader = await arrive({ language });
    const { page } = reader;
    const other = language === 'en' ? 'fr' : 'en';
    for (const slug of ARTICLES) {
      await read(reader, slug);
      const title = await page.getByRole('heading', { level: 1 }).innerText();
      const links = page.getByText(line).getByRole('link');
      await expect(links).toHaveText([{ en: 'English', fr: 'Français' }[other]]);
      await links.click();
      await expect(page).toHaveURL(reader.town.origin + href(other, `/help/article/${slug}`));
      expect(reader.lastAnswer.status()).toBe(200);
      await expect(page.locator('html')).toHaveAttribute('lang', other);
      await expect(page.getByRole('heading', { level: 1 })).not.toHaveText(title);
      const back = { en: 'This article is also available in:', fr: 'Cet article est aussi disponible en\u00a0:' }[other];
      await page.getByText(back).getByRole('link').click();
      await reader.standsOn(`/help/article/${slug}`);
      await expect(reader.heading(title)).toBeVisible();
    }
  });
}

test('[A05] the troubles article speaks to managers and to citizens, in parts', async ({ arrive }) => {
  const reader = await arrive();
  await read(reader, TROUBLES);
  const outline = reader.page.locator('main').getByRole('heading');
  const shown: string[] = [];
  for (const heading of await outline.all()) {
    shown.push(`${await heading.evaluate((element) => element.tagName)} ${await heading.innerText()}`);
  }
  const managers = shown.indexOf('H2 For back-office users');
  const citizens = shown.indexOf('H2 For citizens or website visitors');
  const unconfirmed = shown.indexOf('H3 The e-mail address is not confirmed');
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
  test(`[A06] in ${language}, “${request}” leads to the article about new users`, async ({ arrive }) => {
    const reader = await arrive({ language });
    await read(reader, TROUBLES);
    await reader.page.getByRole('link', { name: request, exact: true }).click();
    await reader.standsOn(`/help/article/${NEW_USER}`);
    const title = { en: 'Add a new user', fr: 'Ajouter un nouvel utilisateur' }[language];
    await expect(reader.heading(title)).toBeVisible();
    await expect(reader.page.locator('html')).toHaveAttribute('lang', language);
  });

  test(`[A07] in ${language}, the way to fix it is a list of three numbered steps`, async ({ arrive }) => {
    const reader = await arrive({ language });
    await read(reader, TROUBLES);
    const heading = { en: 'How to fix this?', fr: 'Comment y remédier\u202f?' }[language];
    const list = reader.page.locator('ol', { has: reader.page.locator('li') }).and(
      reader.page.locator('h4', { hasText: heading }).locator('xpath=following-sibling::ol[1]'),
    );
    await expect(list.getByRole('listitem')).toHaveCount(3);
    await expect(list).toHaveCSS('list-style-type', 'decimal');
  });

  test(`[A08] in ${language}, the picture shows the check icon, and says so in words`, async ({ arrive }) => {
    const reader = await arrive({ language });
    await read(reader, TROUBLES);
    const words = { en: /check icon.*confirms this participant/, fr: /icône en forme de coche.*confirme ce participant/ };
    const picture = reader.page.getByRole('img', { name: words[language] });
    await picture.scrollIntoViewIfNeeded();
    await expect(picture).toBeVisible();
    await expect
      .poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0))
      .toBe(true);
    const caption = { en: /^Confirm a user/, fr: /^Confirmer un utilisateur/ }[language];
    await expect(reader.page.locator('figure', { has: picture }).getByText(caption)).toBeVisible();
    // The drawing itself holds the check mark that is spoken of.
    const source = await reader.context.request.get(
      new URL((await picture.getAttribute('src')) ?? '', reader.town.origin).href,
    );
    expect(source.headers()['content-type']).toContain('image/svg+xml');
  });

  test(`[A09] in ${language}, the warning about others’ passwords is set apart, also for the ear`, async ({ arrive }) => {
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

  test(`[A10] in ${language}, the address of support is a mail link`, async ({ arrive }) => {
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

  test(`[A17] [B03] in ${language}, the articles lead to the back office’s own address`, async ({ arrive }) => {
    const manager = managerReading(language);
    const reader = await arrive({ language });
    const { page, town } = reader;
    for (const slug of [TROUBLES, PROVIDERS, TWO_FACTOR, NEW_USER]) {
      await read(reader, slug);
      const address = town.origin + href(language, '/sign-in');
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

test('[B01] [B02] the article about Google and Microsoft has its sections and its date', async ({ arrive }) => {
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
  ]);
  const microsoft = text.getByRole('heading', { name: 'Authentication and login with Microsoft' });
  const parts = microsoft.locator('xpath=following-sibling::*[self::h2 or self::h3]');
  await expect(parts.nth(0)).toHaveText('You do not yet have access');
  await expect(parts.nth(1)).toHaveText('You already have access');
  await expect(page.getByText('Updated on: 12/02/2025', { exact: true })).toBeVisible();
});

test('[B04] managers manage their projects in the back office, also called admin interface', async ({ arrive }) => {
  const reader = await arrive();
  await read(reader, PROVIDERS);
  await expect(reader.page.getByRole('main')).toContainText(
    'Managers manage their projects in the back office, also called the admin interface',
  );
  await reader.signIn(ODILE);
  await expect(reader.page.getByRole('heading', { level: 2, name: 'Bellerive' })).toBeVisible();
  await expect(reader.page.getByRole('main').getByRole('listitem')).toHaveText([
    'A quay for everybody',
    'Participatory budget 2027',
  ]);
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
  test(`${id} the two-factor article has its numbered sections, reached from the contents`, async ({ arrive }) => {
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

test('[D01] l’article français se trouve sous « Support général »', async ({ arrive }) => {
  const reader = await arrive({ language: 'fr' });
  const { page } = reader;
  await reader.visit('/help');
  await page.getByRole('link', { name: 'Support général', exact: true }).click();
  await expect(reader.heading('Support général')).toBeVisible();
  await page.getByRole('link', { name: 'Authentification à deux facteurs (2FA)', exact: true }).click();
  await reader.standsOn(`/help/article/${TWO_FACTOR}`);
  await expect(page.getByText('Articles sur\u00a0: Support général', { exact: true })).toBeVisible();
});

// "Was this article helpful?", in the words that the articles promise.
const ASKED = {
  en: {
    question: 'Was this article helpful?',
    yes: 'Yes',
    no: 'No',
    share: 'Share your feedback',
    cancel: 'Cancel',
    thanks: 'Thank you!',
  },
  fr: {
    question: 'Cet article a-t-il répondu à vos questions\u202f?',
    yes: 'Oui',
    no: 'Non',
    share: 'Partagez vos commentaires',
    cancel: 'Annuler',
    thanks: 'Merci\u202f!',
  },
} satisfies Record<Language, Record<string, string>>;

/** What the desk of a support agent shows of the votes: a line for each, its moment left out. */
async function votes(agent: Visitor): Promise<string[][]> {
  await agent.visit('/desk');
  const rows = agent.page.getByRole('table', { name: agent.words('desk.latest') }).getByRole('row');
  const cells = await Promise.all((await rows.all()).map((row) => row.getByRole('cell').allInnerTexts()));
  return cells.filter((row) => row.length > 0);
}

for (const language of LANGUAGES) {
  const asked = ASKED[language];
  const ids = {
    en: '[A12] [A13] [A15] [B02] [C43]',
    fr: '[D24] [D25] [D27]',
  }[language];
  for (const [slug, signedIn] of [
    [TROUBLES, true],
    [PROVIDERS, false],
    [TWO_FACTOR, false],
  ] as const) {
    const who = signedIn ? 'a manager who is signed in' : 'anybody';
    test(`${ids} in ${language}, ${who} can vote on ${slug} and say more`, async ({ arrive }) => {
      const reader = await arrive({ language });
      const { page } = reader;
      if (signedIn) await reader.signIn(managerReading(language));
      await read(reader, slug);
      const card = page.getByRole('region', { name: asked.question });
      await card.getByRole('button', { name: signedIn ? asked.yes : asked.no, exact: true }).click();
      const box = card.getByRole('textbox');
      await expect(box).toBeHidden();
      await card.getByText(asked.share, { exact: true }).click();
      await expect(box).toBeVisible();

      await card.getByRole('button', { name: reader.words('help.feedback.send') }).click();
      await expect(reader.problem).toContainText(reader.words('errors.empty_comment'));
      await box.fill('</textarea><script>alert(1)</script> Merci & à bientôt.');
      await card.getByRole('button', { name: reader.words('help.feedback.send') }).click();
      await expect(card.getByText(asked.thanks, { exact: true })).toBeVisible();
      await expect(box).toHaveCount(0);

      const agent = await arrive({ language });
      await agent.signIn(AMINA);
      const [vote] = await votes(agent);
      expect(vote?.join(' ')).toContain('</textarea><script>alert(1)</script> Merci & à bientôt.');
    });
  }

  const cancelled = { en: '[A14]', fr: '[D26]' }[language];
  test(`${cancelled} in ${language}, “${asked.cancel}” closes the box and sends nothing`, async ({ arrive }) => {
    const reader = await arrive({ language });
    const { page } = reader;
    await read(reader, TWO_FACTOR);
    const card = page.getByRole('region', { name: asked.question });
    await card.getByRole('button', { name: asked.yes, exact: true }).click();
    await card.getByText(asked.share, { exact: true }).click();
    await card.getByRole('textbox').fill('Never to be read by anybody.');
    const posts: string[] = [];
    page.on('request', (request) => {
      if (request.method() !== 'GET') posts.push(request.url());
    });
    await card.getByRole('link', { name: asked.cancel, exact: true }).or(
      card.getByRole('button', { name: asked.cancel, exact: true }),
    ).click();
    await expect(card.getByRole('textbox')).toBeHidden();
    expect(posts).toEqual([]);
    const agent = await arrive({ language });
    await agent.signIn(AMINA);
    expect(await votes(agent)).toHaveLength(1);
    await expect(agent.page.getByText('Never to be read by anybody.')).toHaveCount(0);
  });
}

test('[A16] a vote counts once for each reader and version, and staff read it', async ({ arrive }) => {
  const agent = await arrive();
  await agent.signIn(AMINA);
  await agent.visit('/desk');
  await expect(agent.page.getByText(agent.words('desk.none'))).toBeVisible();

  const voting = async (reader: Visitor, slug: string, answer: 'yes' | 'no', comment?: string): Promise<void> => {
    await read(reader, slug);
    await reader.button(`help.feedback.${answer}`).click();
    await expect(reader.page.getByText(reader.words('help.feedback.voted'))).toBeVisible();
    if (comment === undefined) return;
    await reader.page.getByText(reader.words('help.feedback.share'), { exact: true }).click();
    await reader.field('help.feedback.comment').fill(comment);
    await reader.button('help.feedback.send').click();
    await expect(reader.page.getByText(reader.words('help.feedback.thanks'))).toBeVisible();
  };
  const first = await arrive();
  await voting(first, TROUBLES, 'yes');
  const [[, , version] = []] = (await votes(agent)).map((row) => row.slice(0));
  expect(version).not.toBe('');

  // The same reader changes her mind: it is still one vote, now with a comment.
  await voting(first, TROUBLES, 'no', 'The picture is too small.');
  let rows = await votes(agent);
  expect(rows).toHaveLength(1);
  expect(rows[0]).toContain('en');
  expect(rows[0]).toContain(words('en', 'desk.unhelpful'));
  expect(rows[0]).toContain('The picture is too small.');

  // Another reader, another language and another article each count for themselves.
  await voting(await arrive(), TROUBLES, 'yes');
  await voting(await arrive({ language: 'fr' }), TROUBLES, 'yes');
  await voting(first, TWO_FACTOR, 'yes');
  rows = await votes(agent);
  expect(rows).toHaveLength(4);
  const counts = agent.page.getByRole('table', { name: agent.words('desk.counts') }).getByRole('row');
  const counted = await Promise.all((await counts.all()).map((row) => row.getByRole('cell').allInnerTexts()));
  expect(counted.filter((row) => row.length > 0)).toEqual([
    ['en', '1', '1'],
    ['fr', '1', '0'],
    ['en', '1', '0'],
  ]);

  // Nobody else reads them.
  const manager = await arrive();
  await manager.signIn(ODILE);
  expect((await manager.visit('/desk')).status()).toBe(403);
  await expect(manager.page.getByText('The picture is too small.')).toHaveCount(0);
});

for (const language of LANGUAGES) {
  test(`[D28] in ${language}, a label quoted by an article is the label on the screen`, async ({ arrive }) => {
    // The walk collects what is really written on buttons, links, headings and other short texts.
    const screen = new Set<string>();
    for await (const { name, visitor } of everyPage(arrive, { language })) {
      if (name.startsWith('article') || name === 'building blocks') continue;
      const shown = await visitor.page.evaluate(() => {
        const pieces = 'a, button, summary, label, h1, h2, h3, [role=status] strong, .tag, [role=status] *, [role=alert] *';
        const own = [...document.querySelectorAll(`:is(${pieces}), .notice *`)];
        return own.map((element) => element.textContent?.trim() ?? '');
      });
      for (const text of shown) screen.add(text);
    }
    const reader = await arrive({ language });
    for (const slug of ARTICLES) {
      const keys = [...articleSource(language, slug).matchAll(/\{\{label:([\w.]+)\}\}/g)].map((found) => found[1] ?? '');
      await read(reader, slug);
      const quoted = await reader.page.locator('.prose strong.label').allTextContents();
      expect(quoted, `${slug}, against the translation files`).toEqual(keys.map((key) => words(language, key)));
      expect(quoted.filter((label) => !screen.has(label)), `${slug}, against the screen`).toEqual([]);
    }
  });

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
