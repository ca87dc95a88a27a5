// Leaving, as people do it: take the data along, ask for the deletion, and stay after all.
import { readFileSync } from 'node:fs';

import { expect, test } from './fixtures';
import { CLAIRE, ODILE, TOMAS, managerReading } from './people';
import { Phone } from './phone';
import type { Visitor } from './visitor';
import { LANGUAGES, type Language } from './words';

const SUBJECTS: Record<Language, string> = { en: 'Your account will be deleted', fr: 'Votre compte va être supprimé' };

/** Fills in the form of leaving, which is open. */
async function leave(visitor: Visitor, proof: string): Promise<void> {
  await visitor.page.locator('input[name=proof]').fill(proof);
  await visitor.button('leaving.submit', { days: '7' }).click();
}

for (const language of LANGUAGES) {
  test(`in ${language}, a manager takes her data along, leaves, and stays with the link of the mail`, async ({ arrive }) => {
    const visitor = await arrive({ language });
    const manager = managerReading(language);
    await visitor.signIn(manager);
    await visitor.visit('/settings');
    await visitor.link('data.row_link').click();
    await visitor.standsOn('/settings/data');
    const waiting = visitor.page.waitForEvent('download');
    await visitor.button('data.download_submit').click();
    const download = await waiting;
    expect(download.suggestedFilename()).toMatch(/^bpart-\d{4}-\d\d-\d\d\.json$/);
    const data = JSON.parse(readFileSync(await download.path(), 'utf8')) as Record<string, Record<string, string>>;
    expect(data.account?.email).toBe(manager.email);
    await visitor.standsOn('/settings/data');

    await visitor.visit('/settings/delete');
    if (manager === ODILE) {
      // Tomas manages Bellerive as well, so that she may leave.
      await expect(visitor.page.getByText(visitor.words('leaving.alone_title'))).toBeHidden();
    }
    await leave(visitor, 'certainly not the password');
    await visitor.isTold('errors.proof_rejected');
    await leave(visitor, manager.password);
    await expect(visitor.heading(visitor.words('leaving.due_title'))).toBeVisible();

    const telephone = await arrive({ language });
    await telephone.visit(await telephone.mailedLink(manager.email, SUBJECTS[manager.mails], 'settings/delete/stop'));
    await telephone.button('leaving.keep').click();
    await expect(telephone.heading(telephone.words('leaving.stopped_title'))).toBeVisible();
    await visitor.visit('/back-office');
    await expect(visitor.button('leaving.keep')).toBeHidden();
  });

  test(`in ${language}, a participant leaves, and stays from the page that greets her`, async ({ arrive }) => {
    const visitor = await arrive({ language });
    const signIn = async (): Promise<void> => {
      await visitor.visit('/p/bellerive/quay/sign-in');
      await visitor.field('sign_in.email').fill(CLAIRE.email);
      await visitor.field('sign_in.password').fill(CLAIRE.password);
      await visitor.button('sign_in.submit').click();
      await visitor.standsOn('/p/bellerive/quay');
    };
    await signIn();
    await visitor.visit('/p/bellerive/settings');
    await visitor.link('leaving.row_link').click();
    await visitor.standsOn('/p/bellerive/settings/delete');
    await leave(visitor, CLAIRE.password);
    await expect(visitor.heading(visitor.words('leaving.due_title'))).toBeVisible();
    await visitor.context.clearCookies();
    await signIn();
    // With the keyboard alone.
    await visitor.tabTo(visitor.button('leaving.keep'));
    await visitor.page.keyboard.press('Enter');
    await visitor.standsOn('/p/bellerive/settings');
    await expect(visitor.page.getByText(visitor.words('leaving.kept'))).toBeVisible();
  });
}

test('the last manager of an organisation is told what to do first', { tag: '@once' }, async ({ arrive }) => {
  const first = await arrive();
  const phone = new Phone(TOMAS.secret);
  await first.signIn(TOMAS, phone);
  await first.visit('/settings/delete');
  await leave(first, TOMAS.password);
  await expect(first.heading(first.words('leaving.due_title'))).toBeVisible();
  const second = await arrive();
  await second.signIn(ODILE);
  await second.visit('/settings/delete');
  await expect(second.page.getByText(second.words('leaving.alone', { organisation: 'Bellerive' }))).toBeVisible();
  await expect(second.page.locator('input[name=proof]')).toBeHidden();
});
