// Setting two-factor authentication up: the way to it, the QR code, the first code.
import { expect, test } from './fixtures';
import { ODILE, TOMAS, managerReading } from './people';
import { Phone } from './phone';
import { PROMISED, ids } from './promised';
import { totp } from './tools';
import { LANGUAGES } from './words';

for (const language of LANGUAGES) {
  const promised = PROMISED[language];
  const manager = managerReading(language);

  test.describe(`in ${language}`, () => {
    const way = ids(language, ['C09', 'C11', 'C12', 'C13', 'C16'], ['D08', 'D10', 'D11']);
    test(`${way} the way leads over one’s own name to the settings and the instructions`, async ({ arrive }) => {
      const visitor = await arrive({ language });
      const { page } = visitor;
      await visitor.signIn(manager);

      const name = page.getByRole('banner').getByRole('button', { name: manager.name });
      const place = await name.boundingBox();
      const screen = page.viewportSize();
      expect(place && screen && place.x + place.width / 2 > screen.width / 2 && place.y < 100, 'top right').toBe(true);

      const menu = await visitor.openMenu(manager);
      await menu.getByRole('link', { name: promised.profile, exact: true }).click();
      await visitor.standsOn('/profile');
      await expect(visitor.heading(promised.profile)).toBeVisible();
      await page.getByRole('main').getByRole('link', { name: promised.settings, exact: true }).click();
      await visitor.standsOn('/settings');

      await page.getByRole('button', { name: promised.enable, exact: true }).click();
      await visitor.standsOn('/settings/two-factor');
      for (const step of ['step1', 'step1_text', 'step2', 'step2_text', 'step3']) {
        await expect(page.getByText(visitor.words(`two_factor.${step}`), { exact: true })).toBeVisible();
      }
      const field = page.getByLabel(promised.sixDigits, { exact: true });
      await expect(field).toBeEditable();
      await expect(field).toHaveAttribute('autocomplete', 'one-time-code');
      await expect(field).toHaveAttribute('inputmode', 'numeric');
    });

    const closed = ids(language, ['C10'], ['D09']);
    test(`${closed} whoever is not signed in is led to the sign-in page`, { tag: '@once' }, async ({ arrive }) => {
      const visitor = await arrive({ language });
      for (const path of ['/settings', '/settings/two-factor', '/profile']) {
        await visitor.visit(path);
        await visitor.standsOn(`/sign-in?next=${encodeURIComponent(path)}`);
        await expect(visitor.button('two_factor.enable')).toHaveCount(0);
      }
    });

    const walk = ids(
      language,
      ['C01', 'C02', 'C03', 'C05', 'C06', 'C07', 'C14', 'C16', 'C17', 'C19'],
      ['D05', 'D06', 'D12', 'D13', 'D14'],
    );
    test(`${walk} the QR code is scanned, its code switches 2FA on, the next one signs in`, async ({ arrive }) => {
      const visitor = await arrive({ language });
      const { page } = visitor;
      await visitor.signIn(manager);
      await visitor.beginTwoFactor();
      const { phone, entry } = await visitor.scan();

      // What Google Authenticator, Microsoft Authenticator and every RFC 6238 application understand: the defaults, and
      // nothing that one of them ignores or refuses.
      expect(entry.type).toBe('totp');
      expect(entry.label).toBe(`Bpart:${manager.email}`);
      expect(entry.parameters.get('issuer')).toBe('Bpart');
      expect(entry.parameters.get('algorithm') ?? 'SHA1').toBe('SHA1');
      expect(entry.parameters.get('digits') ?? '6').toBe('6');
      expect(entry.parameters.get('period') ?? '30').toBe('30');
      const known = ['secret', 'issuer', 'algorithm', 'digits', 'period'];
      expect([...entry.parameters.keys()].filter((name) => !known.includes(name))).toEqual([]);
      expect(phone.secret).toMatch(/^[A-Z2-7]+$/);
      expect(Math.floor((phone.secret.length * 5) / 8) * 8, 'bits of the key').toBeGreaterThanOrEqual(128);

      await visitor.activate(await phone.oldestCode());
      await expect(page.getByText(promised.done)).toBeVisible();
      await visitor.signOut(manager);

      await visitor.givePassword(manager);
      await visitor.standsOn('/sign-in/code');
      await expect(page.getByLabel(promised.sixDigits, { exact: true })).toBeVisible();
      await visitor.giveCode(await phone.code());
      await visitor.isIn(manager);
    });

    const key = ids(language, ['C15'], ['D12']);
    test(`${key} whoever cannot scan reads the same key as text`, async ({ arrive }) => {
      const visitor = await arrive({ language });
      const { page } = visitor;
      await visitor.startSignedIn(manager);
      await visitor.beginTwoFactor();
      const { phone, url } = await visitor.scan();

      const picture = page.getByRole('img', { name: visitor.words('two_factor.qr_alt', { email: manager.email }) });
      await expect(picture).toBeVisible();
      await page.getByText(visitor.words('two_factor.cannot_scan')).click();
      const shown = page.getByText(/^([A-Z2-7]{4} ?)+$/);
      await expect(shown).toBeVisible();
      expect((await shown.innerText()).replaceAll(/\s/g, '')).toBe(phone.secret);
      await expect(visitor.link('two_factor.open_app')).toHaveAttribute('href', url);

      // Typed by hand, with the pause that people make in the middle, the key works as well.
      const byHand = new Phone((await shown.innerText()).replaceAll(/\s/g, ''));
      const code = await byHand.oldestCode();
      await visitor.activate(`${code.slice(0, 3)} ${code.slice(3)}`);
      await expect(page.getByText(promised.done)).toBeVisible();
    });

    const wrong = ids(language, ['C18'], ['D13']);
    test(`${wrong} a wrong code switches nothing on, and neither does leaving half-way`, async ({ arrive }) => {
      const visitor = await arrive({ language });
      await visitor.startSignedIn(manager);
      await visitor.beginTwoFactor();
      const { phone } = await visitor.scan();
      await visitor.activate(phone.wrongCode());
      await visitor.isTold('errors.code_rejected');
      await visitor.activate('12 34');
      await visitor.isTold('errors.not_a_code');
      await visitor.activate('');
      await visitor.isTold('errors.empty_code');
      // The same key stays on the screen: what was scanned is not in vain.
      expect((await visitor.scan()).phone.secret).toBe(phone.secret);
      await visitor.visit('/settings');
      await expect(visitor.page.getByText(visitor.words('two_factor.state_off'))).toBeVisible();

      const elsewhere = await arrive({ language });
      await elsewhere.startSignedIn(manager);
      await elsewhere.visit('/settings/two-factor');
      await expect(elsewhere.button('two_factor.enable')).toBeVisible();

      await visitor.link('two_factor.continue_set_up').click();
      await visitor.button('common.cancel').click();
      await visitor.standsOn('/settings');
      await expect(visitor.button('two_factor.enable')).toBeVisible();
    });

    const clock = ids(language, ['C18'], ['D13']);
    test(`${clock} a telephone whose clock is off is told so`, { tag: '@once' }, async ({ arrive }) => {
      const visitor = await arrive({ language });
      await visitor.startSignedIn(manager);
      await visitor.beginTwoFactor();
      const { phone } = await visitor.scan();
      await visitor.activate(phone.codeFromNow(-300));
      const sentence = visitor.words('errors.clock_behind_minutes', { minutes: '(5|6)' });
      await expect(visitor.problem.getByRole('listitem')).toHaveText(new RegExp(sentence));
      await visitor.visit('/settings');
      await expect(visitor.page.getByText(visitor.words('two_factor.state_off'))).toBeVisible();
    });

    test('switching 2FA on ends the sessions in other browsers', { tag: '@once' }, async ({ arrive }) => {
      const other = await arrive({ language });
      await other.startSignedIn(manager);
      const visitor = await arrive({ language });
      await visitor.startSignedIn(manager);
      await visitor.enableTwoFactor();
      await other.isOut();
      await visitor.visit('/back-office');
      await visitor.isIn(manager);
    });

    test('2FA is set up with the keyboard alone', async ({ arrive }) => {
      const visitor = await arrive({ language });
      const { keyboard } = visitor.page;
      await visitor.startSignedIn(manager);
      await visitor.visit('/settings');
      await visitor.tabTo(visitor.button('two_factor.enable'));
      await keyboard.press('Enter');
      await visitor.standsOn('/settings/two-factor');
      const { phone } = await visitor.scan();
      await visitor.tabTo(visitor.field('sign_in.code_label'));
      await keyboard.type(await phone.oldestCode());
      await keyboard.press('Enter');
      await expect(visitor.page.getByText(promised.done)).toBeVisible();
      await visitor.tabTo(visitor.button('two_factor.codes_kept'));
      await keyboard.press('Enter');
      await expect(visitor.button('two_factor.disable')).toBeVisible();
    });
  });
}

test('[C14] the QR code can be scanned in the dark, and on a small telephone', async ({ arrive }) => {
  const visitor = await arrive({ colorScheme: 'dark', viewport: { width: 320, height: 640 } });
  const { page } = visitor;
  await visitor.startSignedIn(ODILE);
  await visitor.beginTwoFactor();
  // The app is mostly on the same device, which cannot scan itself: its link comes first, and once.
  const links = page.getByRole('link', { name: visitor.words('two_factor.open_app'), exact: true });
  await expect(links).toHaveCount(1);
  const [link, code] = [await links.boundingBox(), await page.locator('.qr').boundingBox()];
  expect(link && code && link.y + link.height <= code.y, 'the link stands before the QR code').toBe(true);
  const { phone, entry } = await visitor.scan();
  expect(entry.type).toBe('totp');
  await visitor.activate(await phone.oldestCode());
  await expect(visitor.page.getByText(PROMISED.en.done)).toBeVisible();
});

test('[C07] codes are those of RFC 6238 with 6 digits, 30 seconds and SHA-1', { tag: '@once' }, async ({ arrive }) => {
  // The tool that makes all codes here is held against the vectors of the standard itself (RFC 6238, appendix B).
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  expect([59, 1_111_111_109, 1_234_567_890, 20_000_000_000].map((time) => totp(secret, time))).toEqual([
    '287082',
    '081804',
    '005924',
    '353130',
  ]);
  const visitor = await arrive();
  await visitor.signIn(TOMAS, new Phone(TOMAS.secret));
});
