// The sign-in page, its first step, and the way out.
import { expect, test } from './fixtures';
import { AMINA, INGRID, LUCAS, ODILE, TOMAS, managerReading } from './people';
import { Phone } from './phone';
import { LANGUAGES } from './words';

for (const language of LANGUAGES) {
  test.describe(`in ${language}`, () => {
    test('[B06] [C08] address and password sign a manager in, and nothing more is asked', async ({ arrive }) => {
      const manager = managerReading(language);
      const visitor = await arrive({ language });
      await visitor.givePassword(manager);
      await visitor.isIn(manager);
      await visitor.page.reload();
      await visitor.isIn(manager);
    });

    test('what went wrong is said at the top, beside the field, and never with the password', async ({ arrive }) => {
      const visitor = await arrive({ language });
      const { page } = visitor;
      await visitor.givePassword({ email: ODILE.email, password: 'not her password at all' });
      await visitor.standsOn('/sign-in');
      await visitor.isTold('errors.bad_credentials');
      await expect(visitor.field('sign_in.email')).toHaveValue(ODILE.email);
      await expect(visitor.field('sign_in.password')).toHaveValue('');
      expect(await visitor.source()).not.toContain('not her password at all');

      await visitor.field('sign_in.email').fill('no address');
      await visitor.button('sign_in.submit').click();
      const both = ['errors.not_an_address', 'errors.empty_password'].map((key) => visitor.words(key));
      await expect(visitor.problem.getByRole('listitem')).toHaveText(both);
      await expect(visitor.problem).toBeFocused();
      await expect(visitor.field('sign_in.email')).toHaveAttribute('aria-invalid', 'true');
      await expect(visitor.field('sign_in.email')).toHaveAccessibleDescription(
        visitor.words('errors.not_an_address'),
      );
      await visitor.problem.getByRole('link').first().click();
      await expect(visitor.field('sign_in.email')).toBeFocused();

      await visitor.field('sign_in.email').fill(ODILE.email);
      await visitor.button('sign_in.submit').click();
      await visitor.isTold('errors.empty_password');
      await expect(visitor.field('sign_in.password')).toHaveAttribute('aria-invalid', 'true');

      await page.reload();
      await expect(visitor.problem).toBeHidden();
    });

    test('whoever wanted a page gets there after signing in', async ({ arrive }) => {
      const manager = managerReading(language);
      const visitor = await arrive({ language });
      await visitor.visit('/settings');
      await visitor.standsOn('/sign-in?next=%2Fsettings');
      await expect(visitor.page.getByText(visitor.words('sign_in.wanted'))).toBeVisible();
      await visitor.field('sign_in.email').fill(manager.email);
      await visitor.field('sign_in.password').fill('wrong at first, as it happens');
      await visitor.button('sign_in.submit').click();
      await visitor.isTold('errors.bad_credentials');
      await visitor.field('sign_in.password').fill(manager.password);
      await visitor.button('sign_in.submit').click();
      await visitor.standsOn('/settings');
    });

    test('signing out closes the back office, here and for whoever presses Back', async ({ arrive }) => {
      const manager = managerReading(language);
      const visitor = await arrive({ language, reducedMotion: 'no-preference' });
      await visitor.signIn(manager);
      await visitor.visit('/profile');
      await visitor.signOut(manager);
      await expect(visitor.page.getByText(visitor.words('sign_in.signed_out'))).toBeVisible();
      await visitor.page.goBack();
      await expect(visitor.heading(visitor.words('account.profile_title'))).toHaveCount(0);
      await expect(visitor.page.getByRole('banner').getByText(manager.name)).toHaveCount(0);
      await visitor.isOut();
    });

    test('the sign-in page needs only the keyboard', async ({ arrive }) => {
      const manager = managerReading(language);
      const visitor = await arrive({ language });
      const { keyboard } = visitor.page;
      await visitor.visit('/sign-in');
      await visitor.islands();
      await keyboard.press('Tab');
      await expect(visitor.link('common.skip')).toBeFocused();
      await keyboard.press('Enter');
      await keyboard.press('Tab');
      await expect(visitor.field('sign_in.email')).toBeFocused();
      await keyboard.type(manager.email);
      await keyboard.press('Tab');
      await expect(visitor.field('sign_in.password')).toBeFocused();
      await keyboard.type(manager.password);
      await keyboard.press('Enter');
      await visitor.isIn(manager);
      // The menu under one's own name, too.
      const menu = visitor.page.getByRole('button', { name: manager.name });
      await visitor.tabTo(menu);
      await keyboard.press('Enter');
      await keyboard.press('Tab');
      await expect(visitor.page.locator('#profile-menu').getByRole('link').first()).toBeFocused();
      await keyboard.press('Escape');
      await expect(visitor.page.locator('#profile-menu')).toBeHidden();
      await expect(menu).toBeFocused();
    });
  });
}

test('an unknown and an invited person read the same words as a wrong password, and a locked one after the right one', { tag: '@once' }, async ({ arrive }) => {
  const visitor = await arrive();
  const answers: string[] = [];
  for (const [email, password] of [
    [ODILE.email, 'certainly not her password'],
    ['nobody@nowhere.example', 'certainly not her password'],
    [LUCAS.email, 'certainly not his password'],
    [INGRID.email, INGRID.password],
  ] as const) {
    await visitor.givePassword({ email, password });
    await visitor.isTold('errors.bad_credentials');
    answers.push((await visitor.source()).replaceAll(/ nonce="[^"]*"/g, '').replace(`value="${email}"`, ''));
  }
  expect(new Set(answers).size).toBe(1);
  await visitor.givePassword(LUCAS);
  await visitor.isTold('errors.locked', { email: 'support@bpart.be' });
});

test('an address is read whatever its letter case, and with the spaces of a copy around it', { tag: '@once' }, async ({ arrive }) => {
  const visitor = await arrive();
  await visitor.givePassword({ email: ` ${ODILE.email.toUpperCase()} `, password: ODILE.password });
  await visitor.isIn(ODILE);
});

test('wrong passwords for one address are limited, and the others are not locked out by it', { tag: '@once' }, async ({ arrive }) => {
  const visitor = await arrive();
  for (let tries = 0; tries < 10; tries += 1) {
    await visitor.givePassword({ email: ODILE.email, password: `guess number ${tries} of many` });
    await visitor.isTold('errors.bad_credentials');
  }
  await visitor.givePassword(ODILE);
  await visitor.isTold('errors.too_many_seconds');
  await visitor.isOut();
  await visitor.signIn(AMINA);
});

test('a new sign-in ends the session that this browser had before', async ({ arrive }) => {
  const visitor = await arrive();
  await visitor.signIn(ODILE);
  const [before] = (await visitor.context.cookies()).filter((cookie) => cookie.name === 'back-office');
  await visitor.context.clearCookies();
  await visitor.signIn(TOMAS, new Phone(TOMAS.secret));
  const [after] = (await visitor.context.cookies()).filter((cookie) => cookie.name === 'back-office');
  expect(before?.value).not.toBe(after?.value);
  expect(after).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
});
