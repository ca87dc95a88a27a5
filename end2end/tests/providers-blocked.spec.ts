// When an organisation's ICT stands in the way: the page says so, and has a letter for ICT.
import { AADSTS } from '../issuers/microsoft';
import { AtProvider } from './at-provider';
import { managerReading } from './people';
import { PROMISED } from './promised';
import { expect, test } from './providers';
import { LANGUAGES } from './words';

const WORK = 'somebody@strict.example';

/** What Microsoft answers, and the words that say so. */
const BLOCKS = [
  [AADSTS.consentNeeded, 'block_consent', 'ask_consent'],
  [AADSTS.administratorMustApprove, 'block_approve', 'ask_consent'],
  [AADSTS.applicationBlocked, 'block_application', 'ask_application'],
  [AADSTS.notAssigned, 'block_assigned', 'ask_assigned'],
  [AADSTS.conditionalAccess, 'block_conditional', 'ask_conditional'],
] as const;

for (const language of LANGUAGES) {
  test.describe(`in ${language}`, () => {
    // Red when any of them is told as a fault of ours or of hers.
    test('[B38] the page says that the organisation blocked it, and what ICT must do', async ({ arrive, providers }) => {
      const visitor = await arrive({ language });
      const microsoft = AtProvider.microsoft(visitor, providers);
      for (const [obstacle, what, next] of BLOCKS) {
        providers.atMicrosoft({ address: WORK, obstacle });
        await microsoft.setsOut();
        await microsoft.types(WORK);
        await microsoft.isRefused('blocked');
        const main = visitor.page.getByRole('main');
        await expect(main).toContainText(visitor.words(`providers.${what}`, { provider: 'Microsoft' }));
        await expect(main).toContainText(visitor.words(`providers.${next}`));
        // Microsoft's own words are for the log.
        expect(await visitor.source()).not.toContain('AADSTS');
        await visitor.isOut();
        await visitor.context.clearCookies();
      }
    });

    // Red when the letter leaves out what ICT has to enter somewhere.
    test('[B37] [B38] the letter names the addresses to allow; once they are allowed, it works', async ({
      arrive,
      providers,
      server,
    }) => {
      const visitor = await arrive({ language });
      const manager = managerReading(language);
      const microsoft = AtProvider.microsoft(visitor, providers);
      await visitor.startSignedIn(manager);
      const link = visitor.page.getByRole('button', { name: PROMISED[language].linkMicrosoft, exact: true });
      providers.atMicrosoft({ address: WORK, obstacle: AADSTS.administratorMustApprove });
      await visitor.visit('/settings');
      await link.click();
      await microsoft.types(WORK);
      await visitor.standsOn('/profile');
      await expect(visitor.page.getByText(visitor.words('providers.blocked_title'))).toBeVisible();
      await visitor.link('providers.open_letter').click();
      await visitor.standsOn('/sign-in/ict/microsoft');
      const main = visitor.page.getByRole('main');
      for (const fact of [
        providers.microsoft.client.id,
        `${server.origin}/back-office`,
        providers.microsoft.client.callback,
        ...['openid', 'email', 'profile'],
      ]) {
        await expect(main).toContainText(fact);
      }

      providers.atMicrosoft({ address: WORK });
      await visitor.visit('/settings');
      await link.click();
      await microsoft.enters(WORK);
      await visitor.standsOn('/profile');
      await expect(visitor.page.getByText(visitor.words('providers.linked', { provider: 'Microsoft' }))).toBeVisible();
    });

    test('[B38] the letter to ICT is open to everybody, for both providers', { tag: '@once' }, async ({ arrive, providers }) => {
      const visitor = await arrive({ language });
      for (const issuer of [providers.google, providers.microsoft]) {
        await visitor.visit(`/sign-in/ict/${issuer.name.toLowerCase()}`);
        await expect(visitor.heading(visitor.words('ict.title'))).toBeVisible();
        const main = visitor.page.getByRole('main');
        await expect(main).toContainText(issuer.client.id);
        await expect(main).toContainText(issuer.client.callback);
        expect(await visitor.source()).not.toContain(issuer.client.secret);
      }
    });

    test('an administrator who approves or declines at Microsoft reads how it went', { tag: '@once' }, async ({ arrive, server }) => {
      const visitor = await arrive({ language });
      const back = async (query: string): Promise<void> => {
        await visitor.page.goto(`${server.origin}/auth/microsoft/callback?${query}`);
      };
      await back('admin_consent=True&tenant=0a1b2c3d-0000-4000-8000-00000000000a');
      await visitor.standsOn('/sign-in/approved');
      await expect(visitor.heading(visitor.words('ict.approved_title'))).toBeVisible();
      await visitor.link('ict.to_sign_in').click();
      await visitor.standsOn('/sign-in');
      await back('error=permission_denied&error_description=The+admin+canceled+the+request');
      await visitor.standsOn('/sign-in/not-approved');
      await expect(visitor.heading(visitor.words('ict.withheld_title'))).toBeVisible();
      await visitor.link('ict.open_again').click();
      await visitor.standsOn('/sign-in/ict/microsoft');
    });

    test('[B38] a Google account whose administrator blocks the application is told the same', async ({
      arrive,
      providers,
    }) => {
      const visitor = await arrive({ language });
      const google = AtProvider.google(visitor, providers);
      providers.google.refusesNext({ error: 'admin_policy_enforced' });
      await google.setsOut();
      await google.isRefused('blocked');
      await expect(visitor.link('providers.open_letter')).toBeVisible();
    });
  });
}
