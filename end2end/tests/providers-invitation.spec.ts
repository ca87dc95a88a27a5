// Accepting an invitation with an account at Google or Microsoft in place of a password.
import { AtProvider } from './at-provider';
import { INGRID, ODILE } from './people';
import { expect, test } from './providers';
import { LANGUAGES } from './words';

const WORK = 'i.peeters@works.example';

for (const language of LANGUAGES) {
  test.describe(`in ${language}`, () => {
    // Red when the link is used up by less than coming back, or is not used up by that.
    test('[B18] [B19] [B20] an invited manager registers with her Microsoft account, and signs in with it', async ({
      arrive,
      providers,
    }) => {
      const visitor = await arrive({ language });
      const microsoft = AtProvider.microsoft(visitor, providers);
      const token = await visitor.followInvitation(INGRID);
      await visitor.button('providers.continue_microsoft').click();
      // To turn back uses nothing up.
      await microsoft.turnsBack();
      await microsoft.isRefused('cancelled');

      await visitor.visit(`/invitation?token=${token}`);
      await visitor.button('providers.continue_microsoft').click();
      await microsoft.enters(WORK);
      await visitor.isIn(INGRID);
      await expect(visitor.page.getByText(visitor.words('providers.linked', { provider: 'Microsoft' }))).toBeVisible();

      const other = await arrive({ language });
      expect((await other.visit(`/invitation?token=${token}`)).status()).toBe(410);
      await visitor.signOut(INGRID);
      await microsoft.setsOut();
      await microsoft.takes(WORK);
      await visitor.isIn(INGRID);
    });

    // Red when whoever has only one way in can close it.
    test('[B35] the only way to sign in cannot be unlinked', async ({ arrive, providers }) => {
      const visitor = await arrive({ language });
      const microsoft = AtProvider.microsoft(visitor, providers);
      await visitor.followInvitation(INGRID);
      await visitor.button('providers.continue_microsoft').click();
      await microsoft.enters(WORK);
      await visitor.isIn(INGRID);
      await visitor.visit('/settings/provider/microsoft');
      await expect(visitor.page.getByText(visitor.words('errors.only_way_in'))).toBeVisible();
      await expect(visitor.button('providers.unlink')).toBeHidden();
      // Nor by a request that no page makes.
      const origin = visitor.server.origin;
      await visitor.context.request.post(`${origin}/api/unlink_provider`, {
        form: { provider: 'microsoft', proof: '', locale: language },
        headers: { origin },
        maxRedirects: 0,
      });
      await visitor.signOut(INGRID);
      await microsoft.setsOut();
      await microsoft.takes(WORK);
      await visitor.isIn(INGRID);
    });

    // Red when Google asks for a password somewhere.
    test('[B17] [B21] it can be completed with Google, and then opens without any password', async ({
      arrive,
      providers,
    }) => {
      const visitor = await arrive({ language });
      const google = AtProvider.google(visitor, providers);
      await visitor.followInvitation(INGRID);
      await visitor.button('providers.continue_google').click();
      await google.enters('ingrid.peeters@gmail.com');
      await visitor.isIn(INGRID);
      await visitor.signOut(INGRID);
      await google.setsOut();
      await google.takes('ingrid.peeters@gmail.com');
      await visitor.isIn(INGRID);
      await visitor.signOut(INGRID);
      await visitor.givePassword({ email: INGRID.email, password: INGRID.password });
      await visitor.isTold('errors.bad_credentials');
    });

    test('[B21] it can still be completed with a password', async ({ arrive }) => {
      const visitor = await arrive({ language });
      await visitor.followInvitation(INGRID);
      await visitor.choosePassword(INGRID.password);
      await visitor.isIn(INGRID);
    });
  });
}

// Red when an invitation can be used by two people who hold it at the same time.
test('[B20] only who holds the link gets in; of two who hold it, one', async ({ arrive, providers }) => {
  const first = await arrive();
  // Before it was accepted, the invited address alone opens nothing at either provider.
  await AtProvider.google(first, providers).isRefusedAs(INGRID.email, 'no_manager');
  await AtProvider.microsoft(first, providers).isRefusedAs(INGRID.email, 'not_linked');
  await first.context.clearCookies();
  const token = await first.followInvitation(INGRID);
  const second = await arrive();
  await second.visit(`/invitation?token=${token}`);
  for (const visitor of [first, second]) {
    await visitor.button('providers.continue_microsoft').click();
  }
  await AtProvider.microsoft(first, providers).enters(WORK);
  await first.isIn(INGRID);
  await AtProvider.microsoft(second, providers).enters('somebody@elsewhere.example');
  await second.standsOn('/sign-in/provider');
  await second.isOut();
});

// Red when an account that is linked to somebody completes somebody else's invitation.
test('[B33] an account that is linked elsewhere does not complete an invitation', async ({ arrive, providers }) => {
  const odile = await arrive();
  await AtProvider.google(odile, providers).signsIn(ODILE.email);
  await odile.isIn(ODILE);
  const visitor = await arrive();
  const google = AtProvider.google(visitor, providers);
  const token = await visitor.followInvitation(INGRID);
  await visitor.button('providers.continue_google').click();
  await google.enters(ODILE.email);
  await google.isRefused('elsewhere');
  expect((await visitor.visit(`/invitation?token=${token}`)).status()).toBe(200);
});
