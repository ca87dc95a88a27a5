// Which language a visitor reads, and how she changes it.
import { expect, test } from './fixtures';
import { INGRID, ODILE, managerReading } from './people';
import { PlainClient } from './tools';
import { LANGUAGES, href } from './words';

const OWN_NAME = { en: 'English', fr: 'Français' };

for (const language of LANGUAGES) {
  const other = language === 'en' ? 'fr' : 'en';

  test(`from ${language}, the language link keeps the page, signed in or not`, { tag: '@once' }, async ({ arrive }) => {
    const visitor = await arrive({ language });
    const { page, server } = visitor;
    const changeOn = async (path: string): Promise<void> => {
      await visitor.visit(path);
      const title = await page.title();
      await page.getByRole('banner').getByRole('link', { name: OWN_NAME[other], exact: true }).click();
      await expect(page).toHaveURL(server.origin + href(other, path));
      await expect(page.locator('html')).toHaveAttribute('lang', other);
      await page.getByRole('banner').getByRole('link', { name: OWN_NAME[language], exact: true }).click();
      await visitor.standsOn(path);
      await expect(page).toHaveTitle(title);
    };
    for (const path of [
      '/',
      '/sign-in',
      '/help',
      '/help/search?q=code',
      '/help/category/general-support',
      '/help/article/add-a-new-user',
      '/mailbox',
    ]) {
      await changeOn(path);
    }
    const token = await visitor.followInvitation(INGRID);
    await changeOn(`/invitation?token=${token}`);
    await visitor.startSignedIn(managerReading(language));
    for (const path of ['/back-office', '/profile', '/settings', '/settings/two-factor', '/settings/sessions']) await changeOn(path);
  });
}

test('a first visit is answered in the language that the browser asks for', { tag: '@once' }, async ({ arrive }) => {
  const french = await arrive({ language: 'fr' });
  await french.page.goto(`${french.server.origin}/help/search?q=code`);
  await french.standsOn('/help/search?q=code');

  const english = await arrive({ language: 'en' });
  await english.visit('/sign-in');
  await english.standsOn('/sign-in');

  const dutch = await arrive({ locale: 'nl-BE' });
  await dutch.visit('/sign-in');
  await dutch.standsOn('/sign-in');
  await expect(dutch.page.locator('html')).toHaveAttribute('lang', 'en');
});

test('a French address is French for everybody', { tag: '@once' }, async ({ arrive }) => {
  const english = await arrive({ language: 'en' });
  await english.page.goto(`${english.server.origin}/fr/sign-in`);
  await expect(english.page).toHaveURL(`${english.server.origin}/fr/sign-in`);
  await expect(english.page.locator('html')).toHaveAttribute('lang', 'fr');
});

for (const language of LANGUAGES) {
  const other = language === 'en' ? 'fr' : 'en';
  test(`who reads ${language} and chooses ${other} by hand is met in it from then on`, async ({ arrive }) => {
    const visitor = await arrive({ language });
    const { page, server } = visitor;
    await visitor.visit('/sign-in');
    await page.getByRole('banner').getByRole('link', { name: OWN_NAME[other], exact: true }).click();
    await expect(page).toHaveURL(server.origin + href(other, '/sign-in'));
    // Typed without a prefix, in a new window.
    const again = await visitor.context.newPage();
    await again.goto(`${server.origin}/help`);
    await expect(again).toHaveURL(server.origin + href(other, '/help'));
    await expect(again.locator('html')).toHaveAttribute('lang', other);
  });
}

test('address, then cookie, then Accept-Language, then English', { tag: '@once' }, async ({ server }) => {
  const ask = async (path: string, headers: Record<string, string>): Promise<string> => {
    const answer = await new PlainClient(server.origin).get(path, headers);
    return answer.headers.get('location') ?? answer.headers.get('content-language') ?? '';
  };
  expect(await ask('/fr/help', { 'accept-language': 'en', cookie: 'locale=en' })).toBe('fr');
  expect(await ask('/help', { 'accept-language': 'fr', cookie: 'locale=en' })).toBe('en');
  expect(await ask('/help', { 'accept-language': 'en', cookie: 'locale=fr' })).toBe('/fr/help');
  expect(await ask('/help', { 'accept-language': 'nl;q=0.9, fr;q=0.8, en;q=0.7' })).toBe('/fr/help');
  expect(await ask('/help', { 'accept-language': 'de' })).toBe('en');
  expect(await ask('/help', { 'accept-language': ';;=,q' })).toBe('en');
  expect(await ask('/help', {})).toBe('en');
  const answer = await new PlainClient(server.origin).get('/help', { 'accept-language': 'fr' });
  expect(answer.headers.get('vary')).toMatch(/accept-language/i);
});

for (const language of LANGUAGES) {
  test(`in ${language}, a page that does not exist says so, and leads on`, { tag: '@once' }, async ({ arrive }) => {
    const visitor = await arrive({ language });
    const answer = await visitor.visit('/nowhere');
    expect(answer.status()).toBe(404);
    await expect(visitor.heading(visitor.words('errors.not_found_title'))).toBeVisible();
    await expect(visitor.page.locator('html')).toHaveAttribute('lang', language);
    await visitor.link('errors.go_help').click();
    await visitor.standsOn('/help');
    expect((await visitor.visit('/help/article/nothing-of-the-kind')).status()).toBe(404);
    expect((await visitor.visit('/mailbox/nothing-of-the-kind')).status()).toBe(404);
  });
}

test('after signing in, a manager keeps the language of the page, whatever that of her mails', async ({ arrive }) => {
  const visitor = await arrive({ language: 'fr' });
  await visitor.signIn(ODILE);
  await visitor.visit('/profile');
  const english = visitor.page.getByRole('main').getByText('English', { exact: true });
  await expect(english).toHaveAttribute('lang', 'en');
});
