// Recovery codes: the way back for whoever lost the telephone.
import { expect, test } from './fixtures';
import { managerReading } from './people';
import { LANGUAGES } from './words';

const MAIL = { en: 'A recovery code was used', fr: 'Un code de récupération a été utilisé' };

for (const language of LANGUAGES) {
  const manager = managerReading(language);

  test.describe(`in ${language}`, () => {
    test('ten codes are shown once, with whose they are', async ({ arrive }) => {
      const visitor = await arrive({ language });
      await visitor.startSignedIn(manager);
      const { recoveryCodes } = await visitor.enableTwoFactor();
      expect(recoveryCodes).toHaveLength(10);
      expect(new Set(recoveryCodes).size).toBe(10);
      for (const code of recoveryCodes) expect(code).toMatch(/^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$/);
      await expect(visitor.page.getByRole('main')).toContainText(manager.email);

      await visitor.page.reload();
      await expect(visitor.page.getByText(recoveryCodes[0] ?? '')).toHaveCount(0);
      const left = visitor.words('two_factor.codes_left_many', { count: '10' });
      await expect(visitor.page.getByText(left)).toBeVisible();
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
      const proof = form.getByLabel(visitor.words('two_factor.proof'), { exact: true });
      await proof.fill('certainly not the password');
      await visitor.button('two_factor.renew').click();
      await visitor.isTold('errors.proof_rejected');
      await visitor.problem.getByRole('link').click();
      await expect(proof).toBeFocused();
      await proof.fill(manager.password);
      await visitor.button('two_factor.renew').click();
      await expect(page.getByText(visitor.words('two_factor.codes_new'))).toBeVisible();
      const later = await visitor.shownRecoveryCodes();
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
