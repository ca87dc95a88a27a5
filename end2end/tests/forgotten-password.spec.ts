// A forgotten password, from the link on the sign-in page to the new password, as people do it.
import { expect, test } from './fixtures';
import { CLAIRE, TOMAS, managerReading } from './people';
import { Phone } from './phone';
import { LANGUAGES } from './words';

const NEWEST = 'eleven barges under the moon';
const SUBJECTS = {
  en: 'Choose a new password for Bpart',
  fr: 'Choisissez un nouveau mot de passe pour Bpart',
};

for (const language of LANGUAGES) {
  test(`[A22] [A23] [A24] [A25] [A26] in ${language}, a manager comes back with the link of the mail`, async ({ arrive }) => {
    const visitor = await arrive({ language });
    const manager = managerReading(language);
    await visitor.visit('/sign-in');
    await visitor.link('password.forgot').click();
    await visitor.standsOn('/forgot-password');
    await visitor.field('password.email').fill(manager.email);
    await visitor.button('password.send').click();
    await visitor.standsOn('/forgot-password/sent');
    await visitor.visit(await visitor.mailedLink(manager.email, SUBJECTS[manager.mails], 'reset-password'));
    await visitor.field('password.new_one').fill(NEWEST);
    await visitor.button('password.reset_submit').click();
    await visitor.standsOn('/sign-in');
    await visitor.givePassword(manager);
    await visitor.isTold('errors.bad_credentials');
    await visitor.signIn({ ...manager, password: NEWEST });
  });

  test(`[A61] [A62] [A63] [A64] in ${language}, a participant types the code of the mail where she asked`, async ({ arrive }) => {
    const visitor = await arrive({ language });
    await visitor.visit('/p/bellerive/quay/sign-in');
    await visitor.link('password.forgot').click();
    await visitor.field('password.email').fill(CLAIRE.email);
    await visitor.button('password.send').click();
    await visitor.standsOn('/p/bellerive/quay/forgot-password/sent');
    const telephone = await arrive({ language });
    const letter = await (await telephone.openMail(CLAIRE.email, SUBJECTS.fr)).innerText();
    const code = /\b[B-Z]{4}-[B-Z]{4}\b/.exec(letter)?.[0] ?? '';
    await visitor.field('password.code').fill(code.toLowerCase());
    await visitor.button('password.code_submit').click();
    await visitor.field('password.new_one').fill(NEWEST);
    await visitor.button('password.reset_submit').click();
    await visitor.standsOn('/p/bellerive/quay/sign-in');
    await visitor.field('sign_in.email').fill(CLAIRE.email);
    await visitor.field('sign_in.password').fill(NEWEST);
    await visitor.button('sign_in.submit').click();
    await visitor.standsOn('/p/bellerive/quay');
  });
}

// With `no-referrer` the origin would be `null`, which the server refuses where the browser sends no Fetch Metadata.
test('a form behind a mailed link says where it comes from, and never the link', { tag: '@once' }, async ({ arrive, server }) => {
  const visitor = await arrive();
  const manager = managerReading('en');
  await visitor.visit('/forgot-password');
  await visitor.field('password.email').fill(manager.email);
  await visitor.button('password.send').click();
  await visitor.standsOn('/forgot-password/sent');
  await visitor.visit(await visitor.mailedLink(manager.email, SUBJECTS.en, 'reset-password'));
  await visitor.field('password.new_one').fill(NEWEST);
  const sent = visitor.page.waitForRequest('**/api/reset_password');
  await visitor.button('password.reset_submit').click();
  const headers = await (await sent).allHeaders();
  expect(headers['origin']).toBe(server.origin);
  expect([undefined, `${server.origin}/`]).toContain(headers['referer']);
});

test('[A29] a reset asks for the code of the second factor and leaves it on', async ({ arrive }) => {
  const visitor = await arrive();
  const phone = new Phone(TOMAS.secret);
  await visitor.visit('/forgot-password');
  await visitor.field('password.email').fill(TOMAS.email);
  await visitor.button('password.send').click();
  await visitor.standsOn('/forgot-password/sent');
  await visitor.visit(await visitor.mailedLink(TOMAS.email, SUBJECTS.en, 'reset-password'));
  await visitor.field('password.new_one').fill(NEWEST);
  await visitor.field('password.second_factor').fill(await phone.oldestCode());
  await visitor.button('password.reset_submit').click();
  await visitor.standsOn('/sign-in');
  await visitor.givePassword({ ...TOMAS, password: NEWEST });
  await visitor.standsOn('/sign-in/code');
});
