// The warning for whoever types while her session comes to its end. The browser's clock is moved, not the server's.
import type { Locator } from '@playwright/test';

import { expect, test } from './fixtures';
import { managerReading } from './people';
import type { Visitor } from './visitor';
import { LANGUAGES } from './words';

/** Somebody on a page with a form, fifty minutes after it was opened; an hour ends her session. */
async function typesForLong(visitor: Visitor): Promise<Locator> {
  const { page } = visitor;
  const line = page.getByRole('complementary', { name: visitor.words('sessions.watch') });
  await page.clock.install();
  await visitor.startSignedIn(managerReading(visitor.language));
  await visitor.visit('/settings/name');
  await visitor.islands();
  await page.clock.fastForward('51:00');
  await expect(line.getByRole('status')).toBeEmpty();
  await visitor.field('details.name_label').pressSequentially(' and');
  return line;
}

for (const language of LANGUAGES) {
  test.describe(`in ${language}`, () => {
    test('whoever types is warned in time, and keeps the session by one press', async ({ arrive }) => {
      const visitor = await arrive({ language, isNew: true });
      const { page } = visitor;
      const line = await typesForLong(visitor);
      const status = line.getByRole('status');
      const keep = line.getByRole('button', { name: visitor.words('sessions.keep') });
      await expect(status).toHaveText(visitor.words('sessions.idle_many', { minutes: '9' }));
      const field = visitor.field('details.name_label');
      await expect(field, 'the focus stays where she types').toBeFocused();
      await page.clock.fastForward('08:10');
      await expect(status).toHaveText(visitor.words('sessions.idle_one'));

      await visitor.tabTo(keep);
      await page.keyboard.press('Enter');
      await expect(status).toHaveText(visitor.words('sessions.goes_on'));
      await expect(keep).toBeHidden();
      await expect(field, 'and comes back there').toBeFocused();
      await page.clock.fastForward('49:00');
      await expect(status).toHaveText(visitor.words('sessions.goes_on'));
      await page.clock.fastForward('02:00');
      await expect(status).toHaveText(visitor.words('sessions.idle_many', { minutes: '9' }));
    });

    test('what cannot be made longer says when it ends', async ({ arrive }) => {
      const visitor = await arrive({ language, isNew: true });
      const { page } = visitor;
      const old = { idle_s: 3600, age_s: 900, warning_s: 600 };
      await page.route('**/api/keep_session', (route) => route.fulfill({ json: old }));
      const line = await typesForLong(visitor);
      await line.getByRole('button').click();
      const status = line.getByRole('status');
      await expect(status).toHaveText(visitor.words('sessions.goes_on'));
      await page.clock.fastForward('07:30');
      await expect(status).toHaveText(visitor.words('sessions.age_many', { minutes: '8' }));
      await expect(line.getByRole('button')).toBeHidden();
      await page.clock.fastForward('07:30');
      await expect(status).toHaveText(visitor.words('sessions.over'));
    });
  });
}

test('a session that has ended meanwhile cannot be kept, and the words are', async ({ arrive }) => {
  const visitor = await arrive({ isNew: true });
  const { page } = visitor;
  const line = await typesForLong(visitor);
  const manager = managerReading('en');
  const elsewhere = await arrive();
  await elsewhere.startSignedIn(manager);
  await elsewhere.visit('/settings/sessions');
  await elsewhere.button('sessions.end_others').click();
  await expect(elsewhere.page.getByText(elsewhere.words('sessions.others_ended'))).toBeVisible();
  await line.getByRole('button').click();
  await expect(line.getByRole('status')).toHaveText(visitor.words('sessions.over'));
  // A refusal is written to the console by the browser itself.
  visitor.faults.length = 0;
  await visitor.button('details.name_submit').click();
  await expect(page.getByText(visitor.words('sign_in.kept'))).toBeVisible();
});

test('without an answer she is told to try again', async ({ arrive }) => {
  const visitor = await arrive({ isNew: true });
  await visitor.page.route('**/api/keep_session', (route) => route.abort());
  const line = await typesForLong(visitor);
  await line.getByRole('button').click();
  await expect(line.getByRole('status')).toHaveText(visitor.words('sessions.keep_failed'));
  await expect(line.getByRole('button')).toBeVisible();
  visitor.faults.length = 0;
});

test('the warning hides nothing at 320 pixels, and scrolls nothing sideways', async ({ arrive }) => {
  const visitor = await arrive({ language: 'fr', isNew: true });
  const { page } = visitor;
  await page.setViewportSize({ width: 320, height: 640 });
  const line = await typesForLong(visitor);
  await expect(line.getByRole('button')).toBeInViewport();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  const submit = visitor.button('details.name_submit');
  await visitor.tabTo(submit);
  const [button, warning] = [await submit.boundingBox(), await line.boundingBox()];
  expect((button?.y ?? 0) + (button?.height ?? 0)).toBeLessThanOrEqual(warning?.y ?? 0);
});
