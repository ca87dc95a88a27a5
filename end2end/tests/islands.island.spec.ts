// What only a browser with scripts can do: the islands.

import { expect, test } from './fixtures';
import { INGRID, ODILE, managerReading } from './people';
import { LANGUAGES } from './words';

/** Somebody whose browser lends pages its clipboard, and for whom pages move. */
const SEEING = { permissions: ['clipboard-read', 'clipboard-write'], reducedMotion: 'no-preference' as const };

for (const language of LANGUAGES) {
  const manager = managerReading(language);

  test.describe(`in ${language}`, () => {
    test('a password can be shown and hidden, and is never sent in clear text', async ({ arrive }) => {
      const visitor = await arrive({ language });
      const { page } = visitor;
      await visitor.visit('/sign-in');
      await visitor.islands();
      const field = visitor.field('sign_in.password');
      const what = visitor.words('common.password_word');
      const show = page.getByRole('button', { name: `${visitor.words('common.show')} ${what}` });
      const hide = page.getByRole('button', { name: `${visitor.words('common.hide')} ${what}` });
      await field.fill(manager.password);
      await expect(field).toHaveAttribute('type', 'password');
      await show.click();
      await expect(field).toHaveAttribute('type', 'text');
      // Who pressed a key on the button is still there, to press it again.
      await expect(hide).toBeFocused();
      await hide.click();
      await expect(field).toHaveAttribute('type', 'password');
      await show.click();
      await visitor.field('sign_in.email').fill(manager.email);
      const typeWhenSent = page.evaluate(
        () =>
          new Promise<string>((tell) => {
            addEventListener('pagehide', () => tell(''));
            document.forms[0]?.addEventListener('formdata', () => {
              const input = document.querySelector<HTMLInputElement>('#password');
              tell(input?.type ?? '');
            });
          }),
      );
      await visitor.button('sign_in.submit').click();
      expect(await typeWhenSent).toBe('password');
      await visitor.isIn(manager);
    });

    test('recovery codes are copied and printed', async ({ arrive }) => {
      const visitor = await arrive({ language, ...SEEING });
      const { page } = visitor;
      await visitor.startSignedIn(manager);
      await page.addInitScript(() => {
        window.print = () => document.body.setAttribute('data-printed', '');
      });
      await visitor.beginTwoFactor();
      const { phone } = await visitor.scan();
      await visitor.activate(await phone.oldestCode());
      const recoveryCodes = await visitor.shownRecoveryCodes();
      await visitor.islands();

      await visitor.button('common.copy').click();
      await expect(page.getByRole('status').filter({ hasText: visitor.words('common.copied') })).toBeVisible();
      expect((await page.evaluate(() => navigator.clipboard.readText())).split(/\s+/)).toEqual(recoveryCodes);

      await visitor.button('common.print').click();
      await expect(page.locator('body[data-printed]')).toBeAttached();
    });

    test('the key for the application is copied', async ({ arrive }) => {
      const visitor = await arrive({ language, ...SEEING });
      const { page } = visitor;
      await visitor.startSignedIn(manager);
      await visitor.beginTwoFactor();
      await visitor.islands();
      const { phone } = await visitor.scan();
      await page.getByText(visitor.words('two_factor.cannot_scan')).click();
      await visitor.button('common.copy').click();
      await expect(page.getByText(visitor.words('common.copied'), { exact: true })).toBeVisible();
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      expect(copied.replaceAll(/\s/g, '')).toBe(phone.secret);
    });
  });
}

// How a new password stands, under its field.
for (const language of LANGUAGES) {
  test(`in ${language} the words under a new password say how it stands`, async ({ arrive, server }) => {
    const visitor = await arrive({ language });
    const { page } = visitor;
    await visitor.followInvitation(INGRID);
    await visitor.islands();
    const field = visitor.field('invitation.password');
    const strength = page.locator('.strength');
    const status = strength.getByRole('status');
    const filled = strength.locator('.strength-meter > span');
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url() === `${server.origin}/api/judge_password`) asked.push(request.postData() ?? '');
    });
    await expect(status).toBeEmpty();
    await expect(filled).toHaveCount(3);

    await field.pressSequentially('tram bell bus');
    await expect(status).toHaveText(visitor.words('strength.short_many', { count: '2' }));
    await field.pressSequentially('e');
    await expect(status).toHaveText(visitor.words('strength.short_one'));
    await expect(strength).toHaveAttribute('data-state', 'short');
    // Composed and decomposed letters count alike, and an emoji is one character.
    await field.fill('cafe\u0301 \u{1f682} rue');
    await expect(status).toHaveText(visitor.words('strength.short_many', { count: '5' }));
    expect(asked, 'what is too short is nobody’s business').toEqual([]);

    for (const [typed, words, state] of [
      ['Liberté Égalité Fraternité', 'errors.password_common', 'weak'],
      ['ababababababababababab', 'errors.password_guessable', 'weak'],
      [`${INGRID.name} ${INGRID.email}`, 'errors.password_personal', 'weak'],
      ['un tram, une cloche et un bus', 'strength.good', 'good'],
    ] as const) {
      await field.fill(typed);
      await expect(status).toHaveText(visitor.words(words));
      await expect(strength).toHaveAttribute('data-state', state);
    }
    expect(asked).toHaveLength(4);
    await field.fill('');
    await expect(status).toBeEmpty();
  });
}

test('a server that does not judge keeps nobody from going on', async ({ arrive }) => {
  const visitor = await arrive();
  const { page } = visitor;
  await page.route('**/api/judge_password', (route) => route.fulfill({ status: 429, body: '{}' }));
  await visitor.followInvitation(INGRID);
  await visitor.islands();
  await visitor.field('invitation.password').fill('un tram, une cloche et un bus');
  await expect(page.locator('.strength').getByRole('status')).toHaveText(visitor.words('strength.later'));
  // A refusal is written to the console by the browser itself.
  visitor.faults.length = 0;
  await visitor.button('invitation.submit').click();
  await visitor.standsOn('/back-office');
});

test('at 320 pixels the words under a new password have their place', async ({ arrive }) => {
  const visitor = await arrive();
  const { page } = visitor;
  await page.setViewportSize({ width: 320, height: 700 });
  await visitor.followInvitation(INGRID);
  await visitor.islands();
  await visitor.field('invitation.password').fill('passwordpassword');
  const status = page.locator('.strength').getByRole('status');
  await expect(status).toHaveText(visitor.words('errors.password_common'));
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
});

test('a second press does not send a form twice', async ({ arrive }) => {
  const visitor = await arrive();
  const { page } = visitor;
  await visitor.visit('/sign-in');
  await visitor.islands();
  // Both presses come before any answer could: the form is kept from leaving, and each submit tells whether the page
  // itself had refused it by then.
  const refused = await visitor.button('sign_in.submit').evaluate((button: HTMLButtonElement) => {
    const seen: boolean[] = [];
    addEventListener('submit', (event) => {
      seen.push(event.defaultPrevented);
      event.preventDefault();
    });
    button.click();
    button.click();
    return seen;
  });
  expect(refused).toEqual([false, true]);
  await expect(page.getByRole('status').filter({ hasText: visitor.words('common.one_moment') })).toBeVisible();
});

test('a page without an island loads no script at all', async ({ arrive }) => {
  const visitor = await arrive({ isNew: true });
  const scripts: string[] = [];
  visitor.page.on('request', (request) => {
    if (['script', 'fetch', 'xhr'].includes(request.resourceType())) scripts.push(request.url());
  });
  await visitor.startSignedIn(ODILE);
  scripts.length = 0;
  for (const path of [
    '/back-office',
    '/profile',
    '/settings',
    '/settings/two-factor',
    '/settings/sessions',
    '/help',
    '/help/search?q=code',
    '/help/category/general-support',
    '/help/article/two-factor-authentication-2fa',
    '/mailbox',
    '/nowhere',
  ]) {
    const answer = await visitor.visit(path);
    await expect(visitor.page.locator('script')).toHaveCount(0);
    expect(answer.headers()['content-security-policy']).toContain("script-src 'none'");
  }
  expect(scripts).toEqual([]);
});

test('nothing on the sign-in page moves after it is shown', async ({ arrive }) => {
  const visitor = await arrive({ isNew: true });
  await visitor.page.addInitScript(() => {
    const shifts: number[] = [];
    Object.assign(globalThis, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifts.push((entry as PerformanceEntry & { value: number }).value);
    }).observe({ type: 'layout-shift', buffered: true });
  });
  for (const [width, height] of [
    [1280, 800],
    [390, 844],
  ] as const) {
    await visitor.page.setViewportSize({ width, height });
    await visitor.visit('/sign-in');
    await visitor.islands();
    await visitor.page.evaluate(() => document.fonts.ready);
    await visitor.page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    const shifts = await visitor.page.evaluate(() => (globalThis as unknown as { shifts: number[] }).shifts);
    expect(shifts, `layout shifts at ${width} pixels`).toEqual([]);
  }
});
