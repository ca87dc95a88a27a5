// Signing in with two-factor authentication: the second step, its refusals, its limits, and the way out of it.
import { expect, test } from './fixtures';
import { TOMAS } from './people';
import { Phone } from './phone';
import { ids } from './promised';
import { LANGUAGES } from './words';

for (const language of LANGUAGES) {
  test.describe(`in ${language}`, () => {
    const refused = ids(language, ['C04'], ['D07']);
    test(`${refused} a wrong, an old and a used code are refused`, { tag: '@once' }, async ({ arrive }) => {
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

    test(`${refused} tries are limited, and the owner is told`, { tag: '@once' }, async ({ arrive }) => {
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
      await visitor.openMail(TOMAS.email, 'Wrong codes were given for your account');
    });

    const half = ids(language, ['C01', 'C24'], ['D07', 'D16']);
    test(`${half} the password alone opens nothing`, { tag: '@once' }, async ({ arrive }) => {
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
    test(`${lost} the second step says what to do without the telephone`, { tag: '@once' }, async ({ arrive }) => {
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
  });
}
