// Signing in with Google: by the sign-in page, over Google's own pages, and back.
import { AtProvider } from './at-provider';
import { LUCAS, ODILE, TOMAS, managerReading } from './people';
import { Phone } from './phone';
import { PROMISED } from './promised';
import { expect, test } from './providers';
import { LANGUAGES } from './words';

for (const language of LANGUAGES) {
  test.describe(`in ${language}`, () => {
    const manager = managerReading(language);

    // Red when a way is missing, or a fourth one shows up.
    test('[B05] [B07] the sign-in page offers three ways: a password, Google and Microsoft', async ({ arrive }) => {
      const visitor = await arrive({ language });
      await visitor.visit('/sign-in');
      const main = visitor.page.getByRole('main');
      await expect(visitor.field('sign_in.password')).toBeVisible();
      await expect(main.locator('form')).toHaveCount(1);
      const { google, microsoft } = PROMISED[language];
      await expect(main.locator('a[href*="/auth/"]')).toHaveText([google, microsoft]);
    });

    // Red when the chooser is not asked for, when another page stands between Google and the back office, or when PKCE,
    // state or nonce are left out.
    test('[B07] [B08] [B09] [B10] [B40] Google lets her choose, and leads her into the back office', async ({
      arrive,
      providers,
    }) => {
      const visitor = await arrive({ language });
      const google = AtProvider.google(visitor, providers);
      await google.signsIn(manager.email);
      await visitor.isIn(manager);
      await visitor.page.reload();
      await visitor.isIn(manager);

      // She is asked again at the next time, though Google still knows her.
      await visitor.signOut(manager);
      await google.setsOut();
      await google.takes(manager.email);
      await visitor.isIn(manager);

      const { asked, exchanged } = providers.google;
      expect(asked).toHaveLength(2);
      for (const request of asked) {
        expect(request.get('prompt')).toBe('select_account');
        expect(request.get('response_type')).toBe('code');
        expect(request.get('code_challenge_method')).toBe('S256');
        for (const name of ['state', 'nonce']) expect(request.get(name)?.length).toBeGreaterThanOrEqual(22);
      }
      for (const name of ['state', 'nonce', 'code_challenge']) {
        expect(new Set(asked.map((request) => request.get(name))).size, name).toBe(2);
      }
      expect(exchanged).toHaveLength(2);
      for (const { verifier } of exchanged) expect(verifier).toMatch(/^[\w.~-]{43,128}$/);
    });

    // Red when the refusal keeps the address to itself, or when anything was opened or created.
    test('[B11] [B12] [B13] another address than hers opens and creates nothing, and the page says why', async ({
      arrive,
      providers,
      server,
    }) => {
      const visitor = await arrive({ language });
      const google = AtProvider.google(visitor, providers);
      const before = await server.command('account', 'list');
      for (const email of ['nobody@nowhere.example', 'odile.marchal@gmail.com']) {
        await visitor.context.clearCookies();
        await google.signsIn(email);
        await google.isRefused('no_manager');
        const main = visitor.page.getByRole('main');
        await expect(main).toContainText(visitor.words('providers.used', { email }));
        await expect(main).toContainText(visitor.words('providers.no_manager_google'));
        await visitor.isOut();
      }
      expect(await server.command('account', 'list')).toBe(before);

      // Another account is one press away.
      await google.setsOut();
      await google.takes('odile.marchal@gmail.com');
      await visitor.link('providers.other_account', { provider: 'Google' }).click();
      await google.enters(manager.email);
      await visitor.isIn(manager);
    });

    test('whoever wanted a page gets there after Google', async ({ arrive, providers }) => {
      const visitor = await arrive({ language });
      const google = AtProvider.google(visitor, providers);
      await visitor.visit('/settings');
      await visitor.standsOn('/sign-in?next=%2Fsettings');
      await google.button.click();
      await google.enters(manager.email);
      await visitor.standsOn('/settings');
    });

    // Red when Google's word stands in for the code.
    test('the code is asked after Google too', async ({ arrive, providers }) => {
      const visitor = await arrive({ language });
      const phone = new Phone(TOMAS.secret);
      await AtProvider.google(visitor, providers).signsIn(TOMAS.email);
      await visitor.standsOn('/sign-in/code');
      await visitor.giveCode(phone.wrongCode());
      await visitor.isTold('errors.code_rejected');
      await visitor.giveCode(await phone.oldestCode());
      await visitor.isIn(TOMAS);
    });

    test('whoever turns back at Google is told that nothing happened, and can use her password', async ({
      arrive,
      providers,
    }) => {
      const visitor = await arrive({ language });
      const google = AtProvider.google(visitor, providers);
      await google.setsOut();
      await google.turnsBack();
      await google.isRefused('cancelled');
      await visitor.link('providers.use_password').click();
      await visitor.standsOn('/sign-in');
      await visitor.isOut();
      await visitor.signIn(manager);
    });
  });
}

// Red when more than letter case is folded, or less.
test('[B14] capital letters make no difference; dots, plus signs and aliases do', { tag: '@once' }, async ({ arrive, providers }) => {
  const visitor = await arrive();
  const google = AtProvider.google(visitor, providers);
  for (const email of ['man.ager@bellerive.example', 'manager+town@bellerive.example', 'manager@mail.bellerive.example']) {
    await google.isRefusedAs(email, 'no_manager');
  }
  await visitor.context.clearCookies();
  await google.signsIn('MANAGER@Bellerive.example');
  await visitor.isIn(ODILE);
});

// Red when an address that anybody can type at Google opens an account.
test('[B15] an address that Google did not verify, or cannot vouch for, opens nothing', { tag: '@once' }, async ({ arrive, providers }) => {
  const visitor = await arrive();
  const google = AtProvider.google(visitor, providers);
  for (const doubt of [{ isVerified: false }, { domain: null }, { domain: 'elsewhere.example' }]) {
    providers.atGoogle({ email: ODILE.email, ...doubt });
    await google.isRefusedAs(ODILE.email, 'not_vouched');
  }
});

// Red when the address is asked again after the first time.
test('[B16] from the first time on Google’s own number counts, and a recycled address opens nothing', { tag: '@once' }, async ({
  arrive,
  providers,
}) => {
  const odile = await arrive();
  providers.atGoogle({ email: ODILE.email, sub: '1001' });
  await AtProvider.google(odile, providers).signsIn(ODILE.email);
  await odile.isIn(ODILE);
  // She gets another address at Google, and somebody else gets hers.
  providers.atGoogle({ email: ODILE.email, sub: '2002' });
  providers.atGoogle({ email: 'odile@renamed.example', sub: '1001' });
  const stranger = await arrive();
  await AtProvider.google(stranger, providers).signsIn(ODILE.email);
  await stranger.standsOn('/sign-in/provider');
  await stranger.isOut();
  await odile.context.clearCookies();
  await AtProvider.google(odile, providers).signsIn('odile@renamed.example');
  await odile.isIn(ODILE);
});

// Red when a lock closes only the password's way.
test('[B41] a manager who is locked cannot enter through Google, before or after her account was bound', { tag: '@once' }, async ({
  arrive,
  providers,
  server,
}) => {
  const visitor = await arrive();
  const google = AtProvider.google(visitor, providers);
  await google.isRefusedAs(LUCAS.email, 'no_manager');
  await visitor.context.clearCookies();
  await google.signsIn(ODILE.email);
  await visitor.isIn(ODILE);
  await server.command('account', 'lock', '--email', ODILE.email);
  await visitor.isOut();
  await google.isLocked(ODILE.email);
});
