// Recovery codes: the way back after a lost phone.
import { readFile } from 'node:fs/promises';
import { expect, test } from './fixtures';
import { managerReading } from './people';
import { LANGUAGES } from './words';

const MAIL = { en: 'A recovery code was used', fr: 'Un code de récupération a été utilisé' };

for (const language of LANGUAGES) {
  const manager = managerReading(language);

  test.describe(`in ${language}`, () => {
    test('ten codes are shown until they are saved, and can be downloaded', async ({ arrive }) => {
      const visitor = await arrive({ language });
      const { page } = visitor;
      await visitor.startSignedIn(manager);
      await visitor.beginTwoFactor();
      const { phone } = await visitor.scan();
      await visitor.activate(await phone.oldestCode());
      const codes = await visitor.shownRecoveryCodes();
      expect(codes).toHaveLength(10);
      expect(new Set(codes).size).toBe(10);
      for (const code of codes) expect(code).toMatch(/^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$/);
      await expect(page.getByRole('main')).toContainText(manager.email);

      await page.reload();
      expect(await visitor.shownRecoveryCodes()).toEqual(codes);
      const arriving = page.waitForEvent('download');
      await visitor.button('common.download').click();
      const download = await arriving;
      expect(download.suggestedFilename()).toContain(visitor.words('two_factor.codes_file'));
      const file = await readFile(await download.path(), 'utf8');
      for (const wanted of [manager.email, ...codes]) expect(file).toContain(wanted);

      await visitor.saveRecoveryCodes();
      await expect(page.getByText(codes[0] ?? '')).toHaveCount(0);
      const left = visitor.words('two_factor.codes_left_many', { count: '10' });
      await expect(page.getByText(left)).toBeVisible();
    });

    test('a code opens the account once in place of the telephone, and its owner is told', async ({ arrive }) => {
      const visitor = await arrive({ language });
      const { page } = visitor;
      await visitor.startSignedIn(manager);
      const { recoveryCodes } = await visitor.enableTwoFactor();
      const [code = '', next = ''] = recoveryCodes;
      await visitor.signOut(manager);

      await visitor.givePassword(manager);
      await page.getByText(visitor.words('sign_in.lost_device')).click();
      await visitor.field('sign_in.recovery_label').fill('AAAA-BBBB-CCCC-DDDD');
      await visitor.button('sign_in.use_recovery_code').click();
      await visitor.isTold('errors.code_rejected');
      // What she needs is still open, and small letters and spaces are as good.
      await visitor.field('sign_in.recovery_label').fill(code.toLowerCase().replaceAll('-', ' '));
      await visitor.button('sign_in.use_recovery_code').click();
      await visitor.isIn(manager);
      await expect(page.getByText(visitor.words('two_factor.recovery_used'))).toBeVisible();
      await visitor.openMail(manager.email, MAIL[manager.mails]);
      await visitor.visit('/settings/two-factor');
      await expect(page.getByText(visitor.words('two_factor.codes_left_many', { count: '9' }))).toBeVisible();
      await visitor.signOut(manager);

      await visitor.givePassword(manager);
      await page.getByText(visitor.words('sign_in.lost_device')).click();
      await visitor.field('sign_in.recovery_label').fill(code);
      await visitor.button('sign_in.use_recovery_code').click();
      await visitor.isTold('errors.code_rejected');
      await visitor.field('sign_in.recovery_label').fill(next);
      await visitor.button('sign_in.use_recovery_code').click();
      await visitor.isIn(manager);
    });

    test('new codes replace the earlier ones', async ({ arrive }) => {
      const visitor = await arrive({ language });
      const { page } = visitor;
      await visitor.startSignedIn(manager);
      const { recoveryCodes: earlier } = await visitor.enableTwoFactor();
      await visitor.visit('/settings/two-factor');
      const form = visitor.proofForm('two_factor.renew');
      const proof = form.getByLabel(visitor.words('two_factor.proof_renew'), { exact: true });
      await proof.fill('certainly not the password');
      await visitor.button('two_factor.renew').click();
      await visitor.isTold('errors.proof_rejected');
      await visitor.problem.getByRole('link').click();
      await expect(proof).toBeFocused();
      await proof.fill(manager.password);
      await visitor.button('two_factor.renew').click();
      await expect(page.getByText(visitor.words('two_factor.codes_new'))).toBeVisible();
      const later = await visitor.shownRecoveryCodes();
      await visitor.saveRecoveryCodes();
      expect(later.filter((code) => earlier.includes(code))).toEqual([]);
      await visitor.signOut(manager);

      await visitor.givePassword(manager);
      await page.getByText(visitor.words('sign_in.lost_device')).click();
      await visitor.field('sign_in.recovery_label').fill(earlier[0] ?? '');
      await visitor.button('sign_in.use_recovery_code').click();
      await visitor.isTold('errors.code_rejected');
      await visitor.field('sign_in.recovery_label').fill(later[0] ?? '');
      await visitor.button('sign_in.use_recovery_code').click();
      await visitor.isIn(manager);
    });
  });
}
