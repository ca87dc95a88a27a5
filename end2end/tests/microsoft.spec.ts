// Linking one's Microsoft account from the settings, signing in with it, and unlinking it.
import { PERSONAL } from '../issuers/microsoft';
import { AtProvider } from './at-provider';
import { HELENE, ODILE, type Person, TOMAS, managerReading } from './people';
import { Phone } from './phone';
import { PROMISED } from './promised';
import { expect, test } from './providers';
import type { Visitor } from './visitor';
import { LANGUAGES, type Language } from './words';

/** An account at Microsoft whose address has nothing to do with anybody's here. */
const OTHER = 'o.marchal@ministry.example';
/** Its tenant, where the operator names it. */
const MINISTRY = '6babcaad-604b-40ac-a9d7-9fd97c0b779f';

const LINKED: Record<Language, string> = {
  en: 'Your account is now linked to a Microsoft account',
  fr: 'Votre compte est désormais associé à un compte Microsoft',
};
const UNLINKED: Record<Language, string> = {
  en: 'Your account is no longer linked to a Microsoft account',
  fr: 'Votre compte n’est plus associé à un compte Microsoft',
};

/** Goes from the back office over one's own name to the settings, and presses the button there. */
async function asksToLink(visitor: Visitor): Promise<void> {
  await visitor.visit('/settings');
  await visitor.page.getByRole('button', { name: PROMISED[visitor.language].linkMicrosoft, exact: true }).click();
}

/** Is back on the profile, which says how it went. */
async function isBack(visitor: Visitor, how: string): Promise<void> {
  await visitor.standsOn('/profile');
  await expect(visitor.page.getByText(visitor.words(`providers.${how}`, { provider: 'Microsoft' }))).toBeVisible();
}

/** Is back on the profile, which says how it went; and no account is linked. */
async function isBackUnlinked(visitor: Visitor, how: string): Promise<void> {
  await isBack(visitor, how);
  await expectState(visitor, visitor.words('providers.not_linked_state'));
}

/** Links an account, in a browser that is signed in. */
async function links(visitor: Visitor, microsoft: AtProvider, address: string): Promise<void> {
  await asksToLink(visitor);
  await microsoft.enters(address);
  await isBack(visitor, 'linked');
}

/** Chooses an account at Microsoft and refuses the permissions. */
async function refusesAs(microsoft: AtProvider, address: string): Promise<void> {
  await microsoft.types(address);
  await microsoft.refuses();
}

/** What the settings say of her Microsoft account. */
async function expectState(visitor: Visitor, words: string): Promise<void> {
  await visitor.visit('/settings');
  const row = visitor.page.locator('section#providers');
  await expect(row).toContainText(words);
}

/** Reads the newest mail under a subject: it must go to the manager's own address. */
async function reads(visitor: Visitor, manager: Person, subject: string, told: string): Promise<void> {
  await expect(async () => expect(await visitor.countMails(manager.email, subject)).toBe(1)).toPass();
  const letter = await visitor.openMail(manager.email, subject);
  await expect(letter).toContainText(told);
  await expect(letter).toContainText(/\/not-me\?token=/);
}

for (const language of LANGUAGES) {
  test.describe(`in ${language}`, () => {
    const manager = managerReading(language);
    const promised = PROMISED[language];

    // Red when a step of the way is missing, or when the link is found by the address.
    const way = '[B22] [B23] [B24] [B25] [B26] [B27] [B28] [B29] [B30] [B40]';
    test(`${way} a manager links her Microsoft account and signs in with it`, async ({ arrive, providers }) => {
      const visitor = await arrive({ language });
      const { page } = visitor;
      const microsoft = AtProvider.microsoft(visitor, providers);
      await visitor.signIn(manager);
      const menu = await visitor.openMenu(manager);
      await menu.getByRole('link', { name: promised.profile, exact: true }).click();
      await visitor.standsOn('/profile');
      await page.getByRole('main').getByRole('link', { name: promised.settings, exact: true }).click();
      await visitor.standsOn('/settings');
      await page.getByRole('button', { name: promised.linkMicrosoft, exact: true }).click();

      await microsoft.types(OTHER);
      expect(await microsoft.permissions()).toEqual(['Sign you in', 'View your email address', 'View your name']);
      await microsoft.accepts();
      await isBack(visitor, 'linked');
      await expect(visitor.heading(promised.profile)).toBeVisible();
      await page.reload();
      await expect(page.getByText(visitor.words('providers.linked', { provider: 'Microsoft' }))).toBeHidden();

      await visitor.signOut(manager);
      await microsoft.setsOut();
      await microsoft.takes(OTHER);
      await visitor.isIn(manager);

      const { asked, exchanged } = providers.microsoft;
      for (const request of asked) {
        expect(request.get('prompt')).toBe('select_account');
        expect(request.get('scope')?.split(' ').sort()).toEqual(['email', 'openid', 'profile']);
        expect(request.get('code_challenge_method')).toBe('S256');
      }
      expect(new Set(exchanged.map(({ verifier }) => verifier)).size).toBe(2);
    });

    // Red when an address at Microsoft, which anybody can set, opens anything.
    test('[B32] an account that nobody linked opens nothing, even with her address', async ({ arrive, providers }) => {
      const visitor = await arrive({ language });
      const microsoft = AtProvider.microsoft(visitor, providers);
      await microsoft.signsIn(manager.email);
      await microsoft.isRefused('not_linked');
      const main = visitor.page.getByRole('main');
      await expect(main).toContainText(visitor.words('providers.used', { email: manager.email }));
      await expect(main).toContainText(visitor.words('providers.not_linked'));
      await visitor.isOut();
    });

    // Red when one account at Microsoft could open two here.
    test('[B33] an account that is linked elsewhere cannot be linked twice, and the page says so', async ({
      arrive,
      providers,
    }) => {
      const first = await arrive({ language });
      await first.startSignedIn(language === 'fr' ? ODILE : HELENE);
      await links(first, AtProvider.microsoft(first, providers), OTHER);
      const second = await arrive({ language });
      await second.startSignedIn(manager);
      await asksToLink(second);
      await AtProvider.microsoft(second, providers).enters(OTHER);
      await isBackUnlinked(second, 'elsewhere_title');
      await second.page.context().clearCookies();
      await AtProvider.microsoft(second, providers).signsIn(OTHER);
      await second.isIn(language === 'fr' ? ODILE : HELENE);
    });

    // Red when a half-finished way leaves anything behind.
    test('[B34] turning back, or refusing the permissions, leads to the profile and changes nothing', async ({
      arrive,
      providers,
    }) => {
      const visitor = await arrive({ language });
      const microsoft = AtProvider.microsoft(visitor, providers);
      await visitor.startSignedIn(manager);
      for (const turns of [() => microsoft.turnsBack(), () => refusesAs(microsoft, OTHER)]) {
        await asksToLink(visitor);
        await turns();
        await isBackUnlinked(visitor, 'cancelled_title');
      }
      expect(await visitor.countMails(manager.email, LINKED[manager.mails])).toBe(0);
    });

    // Red when linking or unlinking happens in silence, or an unlinked account still opens the door.
    test('[B35] [B36] a linked account shows, can be unlinked, and each time a mail tells of it', async ({
      arrive,
      providers,
    }) => {
      const visitor = await arrive({ language });
      const microsoft = AtProvider.microsoft(visitor, providers);
      await visitor.startSignedIn(manager);
      await links(visitor, microsoft, OTHER);
      await reads(visitor, manager, LINKED[manager.mails], OTHER);
      await expectState(visitor, OTHER);
      await visitor.page.locator('a[href$="/settings/provider/microsoft"]').click();
      await visitor.standsOn('/settings/provider/microsoft');
      await expect(visitor.page.getByRole('main')).toContainText(OTHER);
      await visitor.button('providers.unlink').click();
      await isBackUnlinked(visitor, 'unlinked');
      await reads(visitor, manager, UNLINKED[manager.mails], OTHER);
      await visitor.context.clearCookies();
      await microsoft.signsIn(OTHER);
      await microsoft.isRefused('not_linked');
      // Her password opens as before.
      await visitor.signIn(manager);
    });
  });
}

// Red when an address decides instead of tenant and object.
test('[B31] the tenant and the object count: a new address opens, the old one on another object does not', { tag: '@once' }, async ({
  arrive,
  providers,
}) => {
  const visitor = await arrive();
  const microsoft = AtProvider.microsoft(visitor, providers);
  const [tenant, object] = ['6babcaad-604b-40ac-a9d7-9fd97c0b779f', '0b1f5f3e-8a0f-4f55-9d0a-1c2f52b0a001'];
  providers.atMicrosoft({ address: OTHER, tenant, object });
  await visitor.startSignedIn(ODILE);
  await links(visitor, microsoft, OTHER);

  providers.atMicrosoft({ address: 'renamed@ministry.example', tenant, object });
  await visitor.context.clearCookies();
  await microsoft.signsIn('renamed@ministry.example');
  await visitor.isIn(ODILE);
  for (const other of [{ tenant, object: '0b1f5f3e-8a0f-4f55-9d0a-1c2f52b0a002' }, { tenant: 'b2f0c5d1-7f64-4b8e-8f0a-5a8e1f6d9c02', object }]) {
    providers.atMicrosoft({ address: OTHER, ...other });
    await microsoft.isRefusedAs(OTHER, 'not_linked');
  }
});

test.describe('where the operator names the tenants one by one', () => {
  test.use({ tenants: MINISTRY });

  // Red when Microsoft's word stands in for the code where no organisation has said so.
  test('the code is asked after Microsoft too, until every organisation trusts Microsoft’s own second factor', { tag: '@once' }, async ({
    arrive,
    providers,
    server,
  }) => {
    const visitor = await arrive();
    const microsoft = AtProvider.microsoft(visitor, providers);
    const phone = new Phone(TOMAS.secret);
    providers.atMicrosoft({ address: OTHER, tenant: MINISTRY, amr: ['pwd', 'mfa'] });
    await visitor.signIn(TOMAS, phone);
    await links(visitor, microsoft, OTHER);
    await visitor.context.clearCookies();
    await microsoft.signsIn(OTHER);
    await visitor.standsOn('/sign-in/code');
    await visitor.giveCode(await phone.code());
    await visitor.isIn(TOMAS);

    for (const [slug, ends] of [['bellerive', '/sign-in/code'], ['montclair', '/back-office']] as const) {
      await server.command('organisation', 'policy', '--slug', slug, '--accept-provider-factor', 'yes');
      await visitor.context.clearCookies();
      await microsoft.signsIn(OTHER);
      await visitor.standsOn(ends);
    }
  });
});

// Red when a lock closes only the password's way.
test('[B41] a manager who is locked cannot enter through Microsoft', { tag: '@once' }, async ({ arrive, providers, server }) => {
  const visitor = await arrive();
  const microsoft = AtProvider.microsoft(visitor, providers);
  await visitor.startSignedIn(ODILE);
  await links(visitor, microsoft, OTHER);
  await server.command('account', 'lock', '--email', ODILE.email);
  await visitor.isOut();
  await microsoft.isLocked(OTHER);
});

// Red when the mail's way back leaves a stranger's account linked.
test('[B36] whoever did not link it herself unlinks it with the mail, and the stranger is out', async ({
  arrive,
  providers,
}) => {
  const stranger = await arrive();
  await stranger.startSignedIn(ODILE);
  const microsoft = AtProvider.microsoft(stranger, providers);
  await links(stranger, microsoft, OTHER);
  const odile = await arrive();
  await odile.visit(await odile.mailedLink(ODILE.email, LINKED.en, 'not-me'));
  await odile.button('password.not_me_submit').click();
  await expect(odile.heading(odile.words('password.safe_title'))).toBeVisible();
  await stranger.isOut();
  await microsoft.isRefusedAs(OTHER, 'not_linked');
});

// Red when refusing at Microsoft while signing in is told as a fault.
test('[B34] whoever refuses the permissions while signing in is told so', async ({ arrive, providers }) => {
  const visitor = await arrive();
  const microsoft = AtProvider.microsoft(visitor, providers);
  await microsoft.setsOut();
  await refusesAs(microsoft, OTHER);
  await microsoft.isRefused('cancelled');
});

// Red when anybody's private account is as good as one that an organisation answers for.
test('a personal account is not let in unless the operator says so', { tag: '@once' }, async ({ arrive, providers }) => {
  const visitor = await arrive();
  providers.atMicrosoft({ address: 'odile@outlook.example', tenant: PERSONAL });
  await AtProvider.microsoft(visitor, providers).isRefusedAs('odile@outlook.example', 'personal');
});
