// Switching two-factor authentication off, and the mails about it.
import { expect, test } from './fixtures';
import { managerReading } from './people';
import { ids } from './promised';
import { LANGUAGES, type Language } from './words';

const MAILS = {
  en: { on: 'Two-factor authentication is on', off: 'Two-factor authentication is off' },
  fr: {
    on: 'L’authentification à deux facteurs est activée',
    off: 'L’authentification à deux facteurs est désactivée',
  },
} satisfies Record<Language, Record<string, string>>;

for (const language of LANGUAGES) {
  const manager = managerReading(language);

  test.describe(`in ${language}`, () => {
    const off = ids(language, ['C20', 'C21', 'C22', 'C23'], ['D15']);
    test(`${off} 2FA is switched off on the same screen, with a proof, and the key is dead`, async ({ arrive }) => {
      const visitor = await arrive({ language });
      const { page } = visitor;
      const isOff = page.getByText(visitor.words('two_factor.disabled'));
      const mails = MAILS[manager.mails];
      await visitor.startSignedIn(manager);
      const first = await visitor.enableTwoFactor();
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
      await visitor.saveRecoveryCodes();

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
    test(`${mailed} switching on and off each send a mail, which leads back to the settings`, { tag: '@once' }, async ({ arrive }) => {
      const visitor = await arrive({ language });
      const { on, off } = MAILS[manager.mails];
      await visitor.startSignedIn(manager);
      await visitor.enableTwoFactor();
      await visitor.visit('/settings/two-factor');
      await visitor.disableTwoFactor(manager.password);
      await expect(visitor.page.getByText(visitor.words('two_factor.disabled'))).toBeVisible();
      for (const subject of [on, off]) {
        const letter = await visitor.openMail(manager.email, subject);
        await expect(letter).toContainText(manager.name);
        const prefix = manager.mails === 'fr' ? '/fr' : '';
        await expect(letter).toContainText(`${visitor.server.origin}${prefix}/settings`);
      }
    });
  });
}
