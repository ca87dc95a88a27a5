// Two-factor authentication: setting it up, signing in with it, switching it off.
import { expect, test } from './fixtures';
import { ODILE, TOMAS, managerReading } from './people';
import { Phone } from './phone';
import { totp } from './tools';
import { LANGUAGES, type Language } from './words';

// The words that the articles promise, letter for letter.
const PROMISED = {
  en: {
    enable: 'Enable Two-Factor Authentication',
    profile: 'My profile',
    settings: 'Settings',
    done: 'Done. 2FA is now active',
    sixDigits: '6-digit code',
  },
  fr: {
    enable: 'Activer l’authentification à deux facteurs',
    profile: 'Mon profil',
    settings: 'Paramètres',
    done: 'C’est fait\u202f! 2FA est maintenant actif',
    sixDigits: 'Code à 6 chiffres',
  },
} satisfies Record<Language, Record<string, string>>;

const MAILS = {
  en: { on: 'Two-factor authentication is on', off: 'Two-factor authentication is off' },
  fr: {
    on: 'L’authentification à deux facteurs est activée',
    off: 'L’authentification à deux facteurs est désactivée',
  },
} satisfies Record<Language, Record<string, string>>;

/** The ids of one promise in both articles: C in English, D in French. */
function ids(language: Language, en: string[], fr: string[]): string {
  return (language === 'en' ? en : fr).map((id) => `[${id}]`).join(' ');
}

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
    test(`${closed} whoever is not signed in is led to the sign-in page`, async ({ arrive }) => {
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
      await visitor.signIn(manager);
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
      await visitor.signIn(manager);
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
      await elsewhere.signIn(manager);
      await elsewhere.visit('/settings/two-factor');
      await expect(elsewhere.button('two_factor.enable')).toBeVisible();

      await visitor.link('two_factor.continue_set_up').click();
      await visitor.button('common.cancel').click();
      await visitor.standsOn('/settings');
      await expect(visitor.button('two_factor.enable')).toBeVisible();
    });

    const clock = ids(language, ['C18'], ['D13']);
    test(`${clock} a telephone whose clock is off is told so`, async ({ arrive }) => {
      const visitor = await arrive({ language });
      await visitor.signIn(manager);
      await visitor.beginTwoFactor();
      const { phone } = await visitor.scan();
      await visitor.activate(phone.codeFromNow(-300));
      const sentence = visitor.words('errors.clock_behind', { seconds: '(270|300|330)' });
      await expect(visitor.problem.getByRole('listitem')).toHaveText(new RegExp(sentence));
      await visitor.visit('/settings');
      await expect(visitor.page.getByText(visitor.words('two_factor.state_off'))).toBeVisible();
    });

    const refused = ids(language, ['C04'], ['D07']);
    test(`${refused} a wrong, an old and a used code are refused`, async ({ arrive }) => {
      const visitor = await arrive({ language });
      const phone = new Phone(TOMAS.secret);
      await visitor.givePassword(TOMAS);
      for (const code of [phone.wrongCode(), phone.codeFromNow(-120), phone.codeFromNow(120)]) {
        await visitor.giveCode(code);
        await visitor.isTold('errors.code_rejected');
        await expect(visitor.field('sign_in.code_label')).toHaveValue('');
      }
      const used = await phone.code();
      await visitor.giveCode(used);
      await visitor.isIn(TOMAS);
      await visitor.signOut(TOMAS);

      await visitor.givePassword(TOMAS);
      await visitor.giveCode(used);
      await visitor.isTold('errors.code_rejected');
      await visitor.isOut();
    });

    test(`${refused} tries are limited, and the owner is told`, async ({ arrive }) => {
      const visitor = await arrive({ language });
      const phone = new Phone(TOMAS.secret);
      await visitor.givePassword(TOMAS);
      const wrongCode = phone.wrongCode();
      for (let tries = 1; tries < 5; tries += 1) {
        await visitor.giveCode(wrongCode);
        await visitor.isTold('errors.code_rejected');
      }
      await visitor.giveCode(wrongCode);
      await visitor.standsOn('/sign-in');
      await visitor.isTold('errors.sign_in_expired');

      // Even the right code is of no use now, also after giving the password again.
      await visitor.givePassword(TOMAS);
      await visitor.giveCode(await phone.code());
      await expect(visitor.problem).toContainText(visitor.words('errors.too_many_minutes').split('.')[0] ?? '');
      await visitor.isOut();
      await visitor.openMail(TOMAS.email, 'Someone knew your password, but not your code');
    });

    const half = ids(language, ['C01', 'C24'], ['D07', 'D16']);
    test(`${half} the password alone opens nothing`, async ({ arrive }) => {
      const visitor = await arrive({ language });
      await visitor.givePassword(TOMAS);
      await visitor.standsOn('/sign-in/code');
      await expect(visitor.page.getByText(TOMAS.email)).toBeVisible();
      await expect(visitor.page.getByText(TOMAS.name)).toHaveCount(0);
      for (const path of ['/back-office', '/profile', '/settings', '/settings/two-factor', '/desk']) {
        await visitor.visit(path);
        await expect(visitor.heading(visitor.words('sign_in.title'))).toBeVisible();
      }
      await visitor.visit('/sign-in/code');
      await visitor.giveCode('');
      await visitor.isTold('errors.empty_code');
      await visitor.isOut();
    });

    const lost = ids(language, ['C24', 'C25'], ['D16']);
    test(`${lost} the second step says what to do without the telephone`, async ({ arrive }) => {
      const visitor = await arrive({ language });
      const { page } = visitor;
      await visitor.givePassword(TOMAS);
      await page.getByText(visitor.words('sign_in.lost_device')).click();
      const help = page.locator('#lost');
      await expect(help.getByRole('link', { name: 'support@bpart.be' })).toBeVisible();
      await expect(help.getByRole('link', { name: 'support@bpart.be' })).toHaveAttribute(
        'href',
        'mailto:support@bpart.be',
      );
      const asked = {
        en: ['your full name', 'the organisation you manage or represent', 'a short explanation of what happened'],
        fr: [
          'votre nom complet',
          'l’organisation que vous gérez ou représentez',
          'une courte explication de ce qui s’est passé',
        ],
      };
      await expect(help.getByRole('listitem')).toHaveText(asked[language]);
      await visitor.link('sign_in.lost_article').click();
      await visitor.standsOn('/help/article/two-factor-authentication-2fa');
      await expect(page.getByRole('heading', { level: 2, name: /^3\./ })).toBeVisible();
    });

    const off = ids(language, ['C20', 'C21', 'C22', 'C23'], ['D15']);
    test(`${off} 2FA is switched off on the same screen, with a proof, and the key is dead`, async ({ arrive }) => {
      const visitor = await arrive({ language });
      const { page } = visitor;
      const isOff = page.getByText(visitor.words('two_factor.disabled'));
      const mails = MAILS[manager.mails];
      await visitor.signIn(manager);
      const first = await visitor.enableTwoFactor();
      await visitor.link('two_factor.codes_kept').click();
      await visitor.standsOn('/settings/two-factor');

      await visitor.disableTwoFactor('');
      await visitor.isTold('errors.empty_proof');
      for (const proof of ['certainly not the password', first.phone.wrongCode()]) {
        await visitor.disableTwoFactor(proof);
        await visitor.isTold('errors.proof_rejected');
      }
      expect(await visitor.countMails(manager.email, mails.off)).toBe(0);

      // By password.
      await visitor.visit('/settings/two-factor');
      await visitor.disableTwoFactor(manager.password);
      await expect(isOff).toBeVisible();
      await visitor.signOut(manager);
      await visitor.givePassword(manager);
      await visitor.isIn(manager);

      // A new set-up has a new key, and the codes of the old one are wrong.
      await visitor.beginTwoFactor();
      const second = (await visitor.scan()).phone;
      expect(second.secret).not.toBe(first.phone.secret);
      await visitor.activate(first.phone.codeFromNow(0));
      await visitor.isTold('errors.code_rejected');
      await visitor.activate(await second.oldestCode());
      const [recoveryCode] = await visitor.shownRecoveryCodes();

      // By the current code.
      await visitor.visit('/settings/two-factor');
      await visitor.disableTwoFactor(await second.code());
      await expect(isOff).toBeVisible();

      // By a recovery code; those of an earlier set are dead.
      const third = await visitor.enableTwoFactor();
      await visitor.visit('/settings/two-factor');
      await visitor.disableTwoFactor(recoveryCode ?? '');
      await visitor.isTold('errors.proof_rejected');
      await visitor.disableTwoFactor(third.recoveryCodes[0] ?? '');
      await expect(isOff).toBeVisible();

      expect(await visitor.countMails(manager.email, mails.on)).toBe(3);
      expect(await visitor.countMails(manager.email, mails.off)).toBe(3);
    });

    const mailed = ids(language, ['C23'], ['D15']);
    test(`${mailed} switching on and off each send a mail, which leads back to the settings`, async ({ arrive }) => {
      const visitor = await arrive({ language });
      const { on, off } = MAILS[manager.mails];
      await visitor.signIn(manager);
      await visitor.enableTwoFactor();
      await visitor.visit('/settings/two-factor');
      await visitor.disableTwoFactor(manager.password);
      await expect(visitor.page.getByText(visitor.words('two_factor.disabled'))).toBeVisible();
      for (const subject of [on, off]) {
        const letter = await visitor.openMail(manager.email, subject);
        await expect(letter).toContainText(manager.name);
        const prefix = manager.mails === 'fr' ? '/fr' : '';
        await expect(letter).toContainText(`${visitor.town.origin}${prefix}/settings`);
      }
    });

    test('switching 2FA on ends the sessions in other browsers', async ({ arrive }) => {
      const other = await arrive({ language });
      await other.signIn(manager);
      const visitor = await arrive({ language });
      await visitor.signIn(manager);
      await visitor.enableTwoFactor();
      await other.isOut();
      await visitor.visit('/back-office');
      await visitor.isIn(manager);
    });

    test('2FA is set up with the keyboard alone', async ({ arrive }) => {
      const visitor = await arrive({ language });
      const { keyboard } = visitor.page;
      await visitor.signIn(manager);
      await visitor.visit('/settings');
      await visitor.tabTo(visitor.button('two_factor.enable'));
      await keyboard.press('Enter');
      await visitor.standsOn('/settings/two-factor');
      const { phone } = await visitor.scan();
      await visitor.tabTo(visitor.field('sign_in.code_label'));
      await keyboard.type(await phone.oldestCode());
      await keyboard.press('Enter');
      await expect(visitor.page.getByText(promised.done)).toBeVisible();
      await visitor.tabTo(visitor.link('two_factor.codes_kept'));
      await keyboard.press('Enter');
      await expect(visitor.button('two_factor.disable')).toBeVisible();
    });
  });
}

test('[C14] the QR code can be scanned in the dark, and on a small telephone', async ({ arrive }) => {
  const visitor = await arrive({ colorScheme: 'dark', viewport: { width: 320, height: 640 } });
  await visitor.signIn(ODILE);
  await visitor.beginTwoFactor();
  const { phone, entry } = await visitor.scan();
  expect(entry.type).toBe('totp');
  await visitor.activate(await phone.oldestCode());
  await expect(visitor.page.getByText(PROMISED.en.done)).toBeVisible();
});

test('[C07] codes are those of RFC 6238 with 6 digits, 30 seconds and SHA-1', async ({ arrive }) => {
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
