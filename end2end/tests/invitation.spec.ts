// The set-up link of a new account.
import { expect, test } from './fixtures';
import { INGRID } from './people';
import { LANGUAGES } from './words';

for (const language of LANGUAGES) {
  test.describe(`in ${language}`, () => {
    test('[A18] [A19] a new manager is mailed a link, chooses a password and signs in', async ({ arrive }) => {
      const visitor = await arrive({ language });
      const { page } = visitor;
      const letter = await visitor.openMail(INGRID.email, 'Your invitation to Bpart');
      await expect(letter).toContainText('The link works once');
      await visitor.followInvitation(INGRID);
      await expect(page.getByText(visitor.words('invitation.account', { email: INGRID.email }))).toBeVisible();
      await expect(visitor.field('invitation.password')).toHaveAttribute('autocomplete', 'new-password');
      await visitor.choosePassword(INGRID.password);
      await visitor.standsOn('/back-office');
      await expect(page.getByText(visitor.words('account.set_up'))).toBeVisible();
    });

    test('[A19] the link works once; looking at it uses nothing up', async ({ arrive }) => {
      const visitor = await arrive({ language });
      const token = await visitor.followInvitation(INGRID);
      const second = await arrive({ language });
      await second.visit(`/invitation?token=${token}`);
      await visitor.page.reload();
      await visitor.choosePassword(INGRID.password);
      await visitor.standsOn('/back-office');

      // A page that was open before cannot use it again, and neither can a new one.
      await second.choosePassword('another seven herons on the canal');
      await expect(second.heading(second.words('errors.dead_link_title'))).toBeVisible();
      expect((await second.visit(`/invitation?token=${token}`)).status()).toBe(410);
      await expect(second.heading(second.words('errors.dead_link_title'))).toBeVisible();
      await expect(second.page.getByText('support@bpart.be')).toBeVisible();
      await second.signIn(INGRID);
    });

    test('a weak password is refused with the reason, and the link lives on', async ({ arrive }) => {
      const visitor = await arrive({ language });
      await visitor.followInvitation(INGRID);
      const refusals: [string, string, Record<string, string>?][] = [
        ['', 'errors.empty_password'],
        ['Kx9!vv#2', 'errors.password_too_short', { minimum: '15' }],
        ['Ingrid Peeters Bellerive', 'errors.password_personal'],
        ['passwordpassword', 'errors.password_common'],
        ['ababababababababababab', 'errors.password_guessable'],
        ['a'.repeat(1025), 'errors.password_too_long'],
      ];
      for (const [password, key, places] of refusals) {
        await visitor.choosePassword(password);
        await visitor.isTold(key, places);
        await expect(visitor.field('invitation.password')).toHaveValue('');
        expect(await visitor.source()).not.toContain(password || '>undefined<');
      }
      await visitor.choosePassword(INGRID.password);
      await visitor.standsOn('/back-office');
    });

    test('an operator opens an account, whose owner is met in her own language', async ({ arrive, server }) => {
      const known = { email: 'new@bellerive.example', name: 'Noé Lambert' };
      const link = await server.openAccount({ ...known, language });
      const person = { ...known, mails: language, password: INGRID.password };
      const visitor = await arrive({ language });
      await visitor.page.goto(link);
      expect(new URL(link).pathname).toBe(language === 'fr' ? '/fr/invitation' : '/invitation');
      await visitor.choosePassword(person.password);
      await visitor.standsOn('/back-office');
      await expect(visitor.page.getByRole('heading', { level: 2, name: 'Bellerive' })).toBeVisible();
      await visitor.openMail(
        person.email,
        { en: 'Your invitation to Bpart', fr: 'Votre invitation sur Bpart' }[language],
      );
    });
  });
}

test('the token of the link is told to nobody', async ({ arrive }) => {
  const visitor = await arrive({ isNew: true });
  const token = await visitor.followInvitation(INGRID);
  const answer = visitor.lastAnswer;
  expect(answer.headers()['referrer-policy']).toBe('strict-origin');
  expect(answer.headers()['cache-control']).toBe('no-store');
  const told: string[] = [];
  visitor.page.on('request', (request) => told.push(`${request.headers().referer ?? ''} ${request.url()}`));
  await visitor.page.reload();
  await visitor.page.getByRole('link', { name: visitor.words('common.help'), exact: true }).click();
  await visitor.standsOn('/help');
  expect(told.filter((line) => line.split(' ')[0]?.includes(token))).toEqual([]);
  expect(told.length).toBeGreaterThan(3);
});

test('a made-up token is refused like a dead one', { tag: '@once' }, async ({ arrive }) => {
  const visitor = await arrive();
  for (const token of ['', 'x', 'A'.repeat(43), '../../etc/passwd', '%00']) {
    expect((await visitor.visit(`/invitation?token=${token}`)).status()).toBe(410);
    await expect(visitor.heading(visitor.words('errors.dead_link_title'))).toBeVisible();
  }
});
