// Registering on a project, from its page to being signed in, as people do it.
import { expect, test } from './fixtures';
import type { Visitor } from './visitor';
import { LANGUAGES } from './words';

const DOOR = '/p/bellerive/quay';
const BENCHES = { en: 'Benches in the shade', fr: 'Des bancs à l’ombre' };
const PASSWORD = 'lanterns over the wide canal';
const SUBJECTS = {
  en: 'Confirm your email address for Bpart',
  fr: 'Confirmez votre adresse e-mail pour Bpart',
};

async function register(visitor: Visitor, email: string): Promise<void> {
  await visitor.visit(DOOR);
  await visitor.link('registration.title').click();
  await fillIn(visitor, email);
}

async function fillIn(visitor: Visitor, email: string): Promise<void> {
  await visitor.field('registration.name').fill('Marguerite Dubois');
  await visitor.field('sign_in.email').fill(email);
  await visitor.field('registration.password').fill(PASSWORD);
  await visitor.button('registration.submit').click();
  await visitor.standsOn(`${DOOR}/waiting`);
}

/** How many links away from the mail a scanner goes. */
const DEPTH = 2;

/**
 * Opens pages as a mail filter does that has a whole browser: its scripts run, and every link within the site is followed.
 * How many pages it saw.
 */
async function scan(scanner: Visitor, mailed: string[]): Promise<number> {
  const { origin } = scanner.server;
  const seen = new Set<string>();
  let next = mailed;
  for (let away = 0; away <= DEPTH; away += 1) {
    const found: string[] = [];
    for (const address of new Set(next)) {
      if (seen.has(address)) continue;
      seen.add(address);
      await scanner.page.goto(address);
      // Only pages with islands load scripts.
      if ((await scanner.page.locator('script[type="module"]').count()) > 0) await scanner.islands();
      const links = scanner.page.locator('a[href]:not([download])');
      const addresses = await links.evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
      found.push(...addresses.map((link) => link.replace(/#.*/, '')));
    }
    next = found.filter((address) => new URL(address).origin === origin);
  }
  return seen.size;
}

for (const language of LANGUAGES) {
  const email = `marguerite.${language}@citizens.example`;

  test(`[A30] [A32] [A33] [A36] in ${language}, a citizen reads a project, registers, and the link of the mail lets her in`, async ({
    arrive,
  }) => {
    const visitor = await arrive({ language });
    await visitor.visit(DOOR);
    await expect(visitor.page.getByText(visitor.words('platform.take_part'))).toBeVisible();
    await register(visitor, email);
    await visitor.visit(await visitor.mailedLink(email, SUBJECTS[language], 'confirm-address'));
    await visitor.button('registration.confirm_and_sign_in').click();
    await visitor.standsOn(DOOR);
    await expect(visitor.page.getByText(visitor.words('registration.confirmed_here'))).toBeVisible();
  });

  test(`[A34] [A35] [A37] [A38] in ${language}, the page that waits names both causes, sends again, corrects and takes the code`, async ({
    arrive,
  }) => {
    const visitor = await arrive({ language });
    await register(visitor, `wrong.${email}`);
    await expect(visitor.page.getByText(visitor.words('registration.spam'))).toBeVisible();
    await expect(visitor.page.getByText(visitor.words('registration.typo'))).toBeVisible();
    await expect(visitor.button('registration.again')).toBeVisible();
    await visitor.page.getByText(visitor.words('registration.correct'), { exact: true }).click();
    await expect(visitor.button('registration.correct_submit')).toBeVisible();
    const elsewhere = await arrive({ language });
    await elsewhere.visit(`${DOOR}/sign-in`);
    await elsewhere.field('sign_in.email').fill(`wrong.${email}`);
    await elsewhere.field('sign_in.password').fill(PASSWORD);
    await elsewhere.button('sign_in.submit').click();
    await elsewhere.isTold('errors.unconfirmed');
    const letter = await (await elsewhere.openMail(`wrong.${email}`, SUBJECTS[language])).innerText();
    const code = /\b[B-Z]{4}-[B-Z]{4}\b/.exec(letter)?.[0] ?? '';
    await visitor.field('password.code').fill(code.toLowerCase());
    await visitor.button('registration.code_submit').click();
    await visitor.standsOn(DOOR);
    await expect(visitor.page.getByText(visitor.words('registration.confirmed_here'))).toBeVisible();
  });

  test(`[A31] in ${language}, who presses “Support” registers, and comes back to the proposal with the support given`, async ({
    arrive,
  }) => {
    const visitor = await arrive({ language });
    await visitor.visit(DOOR);
    await visitor.page.getByRole('link', { name: BENCHES[language], exact: true }).click();
    const proposal = visitor.page.url();
    await visitor.button('platform.support').click();
    await expect(visitor.page.getByText(visitor.words('platform.account_needed'))).toBeVisible();
    await fillIn(visitor, `supports.${email}`);
    await visitor.visit(await visitor.mailedLink(`supports.${email}`, SUBJECTS[language], 'confirm-address'));
    await visitor.button('registration.confirm_and_sign_in').click();
    await expect(visitor.page).toHaveURL(proposal);
    await expect(visitor.page.getByText(visitor.words('platform.supports_one'))).toBeVisible();
    await expect(visitor.button('platform.withdraw')).toBeVisible();
  });

  test(`in ${language}, the link confirms on another device, and the page that waits says so, by itself where scripts run`, async ({
    arrive,
  }) => {
    const visitor = await arrive({ language });
    await register(visitor, `phone.${email}`);
    await visitor.islands();
    const telephone = await arrive({ language });
    await telephone.visit(await telephone.mailedLink(`phone.${email}`, SUBJECTS[language], 'confirm-address'));
    await telephone.button('registration.confirm_submit').click();
    await telephone.standsOn(`${DOOR}/sign-in`);
    await expect(telephone.page.getByText(telephone.words('registration.confirmed_sign_in'))).toBeVisible();
    if (!visitor.hasScripts) await visitor.visit(`${DOOR}/waiting`);
    await expect(visitor.heading(visitor.words('registration.confirmed_title'))).toBeVisible({ timeout: 5_000 });
    await visitor.link('sign_in.submit').click();
    await visitor.standsOn(`${DOOR}/sign-in`);
  });

  test(`in ${language}, a scanner with a browser confirms nothing, and her own press does`, { tag: '@scripts' }, async ({
    arrive,
  }) => {
    const scanned = `scanned.${email}`;
    const visitor = await arrive({ language });
    await register(visitor, scanned);
    const scanner = await arrive({ language });
    const letter = await scanner.openMail(scanned, SUBJECTS[language]);
    const mailed = (await letter.innerText()).match(/http:\/\/\S+/g) ?? [];
    expect(mailed.some((address) => address.includes('/confirm-address?token='))).toBe(true);
    expect(await scan(scanner, mailed)).toBeGreaterThan(10);
    const elsewhere = await arrive({ language });
    await elsewhere.visit(`${DOOR}/sign-in`);
    await elsewhere.field('sign_in.email').fill(scanned);
    await elsewhere.field('sign_in.password').fill(PASSWORD);
    await elsewhere.button('sign_in.submit').click();
    await elsewhere.isTold('errors.unconfirmed');
    await visitor.visit(await visitor.mailedLink(scanned, SUBJECTS[language], 'confirm-address'));
    await visitor.button('registration.confirm_and_sign_in').click();
    await visitor.standsOn(DOOR);
    await expect(visitor.page.getByText(visitor.words('registration.confirmed_here'))).toBeVisible();
  });
}
