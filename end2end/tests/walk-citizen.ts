// The citizen's part of the walk: a project, a forgotten password, and all that she can do with her own account.
import { expect } from '@playwright/test';

import { CLAIRE, NOAH } from './people';
import type { Visitor } from './visitor';
import type { Stop } from './walk';

const DOOR = '/p/bellerive/quay';
const OWN = '/p/bellerive';
const NEWEST = 'eleven barges under the moon';
const SUBJECTS = {
  reset: 'Choisissez un nouveau mot de passe pour Bpart',
  changed: 'Votre mot de passe a été changé',
  confirm: 'Confirm your email address for Bpart',
};
/** A proposal of the demo. */
const BENCHES = { en: 'Benches in the shade', fr: 'Des bancs à l’ombre' };
const NEW = 'marguerite.dubois@citizens.example';
/** The mail that answers a registration, and the one to an address with an account. */
const REGISTERED = {
  en: 'Confirm your email address for Bpart',
  fr: 'Confirmez votre adresse e-mail pour Bpart',
};
const KNOWN = {
  en: 'You already have an account with Bpart',
  fr: 'Vous avez déjà un compte Bpart',
};

/** What can become of a mail, as the mailbox of the demo plays it. */
const FATES = ['taken', 'late', 'refused', 'bounced', 'filtered'];

export async function* citizen(visitor: Visitor): AsyncGenerator<Stop> {
  const stop = (name: string): Stop => ({ name, visitor });
  await visitor.visit(OWN);
  yield stop('organisation');
  await visitor.visit(DOOR);
  yield stop('project');
  await visitor.link('common.help').click();
  await visitor.standsOn(`${DOOR}/help`);
  yield stop('project, help centre');
  await visitor.visit(`${DOOR}/help/article/troubles-or-issues-with-signing-in`);
  yield stop('project, an article');
  await visitor.visit(`${DOOR}/sign-in`);
  yield stop('project, sign-in');
  await visitor.field('sign_in.email').fill(NOAH.email);
  await visitor.field('sign_in.password').fill(NOAH.password);
  await visitor.button('sign_in.submit').click();
  await expect(visitor.problem).toBeVisible();
  yield stop('project, sign-in, address not confirmed');
  await visitor.button('sign_in.send_confirmation').click();
  await visitor.standsOn(`${DOOR}/waiting`);
  yield stop('waiting, after the right password');
  const confirmation = await visitor.mailedLink(NOAH.email, SUBJECTS.confirm, 'confirm-address');
  yield stop('mail, confirm the address');
  await visitor.visit(confirmation);
  yield stop('confirm the address');
  await visitor.visit(`${DOOR}/confirm-address?token=nothing`);
  yield stop('confirm the address, a dead link');
  yield* registering(visitor);
  await visitor.visit(`${DOOR}/sign-in`);
  await visitor.link('password.forgot').click();
  yield stop('forgotten password');
  await visitor.button('password.send').click();
  await expect(visitor.problem).toBeVisible();
  yield stop('forgotten password, nothing typed');
  await visitor.field('password.email').fill(CLAIRE.email);
  await visitor.button('password.send').click();
  await visitor.standsOn(`${DOOR}/forgot-password/sent`);
  yield stop('forgotten password, sent');
  await visitor.field('password.code').fill('BCDF-GHJK');
  await visitor.button('password.code_submit').click();
  await expect(visitor.problem).toBeVisible();
  yield stop('forgotten password, a wrong code');
  const link = await visitor.mailedLink(CLAIRE.email, SUBJECTS.reset, 'reset-password');
  yield stop('mail, forgotten password');
  await visitor.visit(link);
  yield stop('new password');
  await visitor.field('password.new_one').fill('short');
  await visitor.button('password.reset_submit').click();
  await expect(visitor.problem).toBeVisible();
  yield stop('new password, refused');
  await visitor.field('password.new_one').fill(NEWEST);
  await visitor.button('password.reset_submit').click();
  await visitor.standsOn(`${DOOR}/sign-in`);
  yield stop('project, sign-in, after a new password');
  await visitor.visit(link);
  yield stop('new password, a dead link');
  await visitor.visit(`${DOOR}/sign-in`);
  await visitor.field('sign_in.email').fill(CLAIRE.email);
  await visitor.field('sign_in.password').fill(NEWEST);
  await visitor.button('sign_in.submit').click();
  await visitor.standsOn(DOOR);
  yield stop('project, signed in');
  await visitor.page.getByRole('link', { name: BENCHES[visitor.language], exact: true }).click();
  await visitor.button('platform.support').click();
  await expect(visitor.button('platform.withdraw')).toBeVisible();
  yield stop('proposal, supported');
  yield* ownAccount(visitor);
  const notMe = await visitor.mailedLink(CLAIRE.email, SUBJECTS.changed, 'not-me');
  await visitor.visit(notMe);
  yield stop('not me');
  await visitor.button('password.not_me_submit').click();
  await expect(visitor.heading(visitor.words('password.safe_title'))).toBeVisible();
  yield stop('not me, made safe');
  await visitor.visit(notMe);
  yield stop('not me, a dead link');
}

async function* registering(visitor: Visitor): AsyncGenerator<Stop> {
  const stop = (name: string): Stop => ({ name, visitor });
  await visitor.visit(DOOR);
  await visitor.page.getByRole('link', { name: BENCHES[visitor.language], exact: true }).click();
  await expect(visitor.heading(BENCHES[visitor.language])).toBeVisible();
  yield stop('proposal');
  // This browser waits for a confirmation already.
  await visitor.button('platform.support').click();
  await expect(visitor.page.getByText(visitor.words('platform.you_wait'))).toBeVisible();
  yield stop('proposal, the support waits');
  await visitor.page.context().clearCookies();
  await visitor.page.reload();
  await visitor.button('platform.support').click();
  await expect(visitor.heading(visitor.words('registration.title'))).toBeVisible();
  yield stop('register, to support a proposal');
  await visitor.visit(`${DOOR}/register`);
  yield stop('register');
  await visitor.button('registration.submit').click();
  await expect(visitor.problem).toBeVisible();
  yield stop('register, nothing typed');
  await visitor.field('registration.name').fill('Marguerite Dubois-Lefèvre');
  await visitor.field('sign_in.email').fill(NEW);
  await visitor.field('registration.password').fill(NEWEST);
  await visitor.button('registration.submit').click();
  await visitor.standsOn(`${DOOR}/waiting`);
  yield stop('waiting');
  await visitor.field('password.code').fill('BCDF-GHJK');
  await visitor.button('registration.code_submit').click();
  await expect(visitor.problem).toBeVisible();
  yield stop('waiting, a wrong code');
  for (const fate of FATES) {
    await visitor.openMail(NEW, REGISTERED[visitor.language]);
    await visitor.button(`mailbox.play_${fate}`).click();
    await visitor.visit(`${DOOR}/waiting`);
    yield stop(`waiting, ${fate}`);
  }
  const subject = visitor.words('registration.confirm_title');
  const link = await visitor.mailedLink(NEW, REGISTERED[visitor.language], 'confirm-address');
  yield stop('mail, registered');
  await visitor.visit(link);
  await expect(visitor.heading(subject)).toBeVisible();
  yield stop('confirm, registered here');
  await visitor.button('registration.not_me').click();
  await expect(visitor.heading(visitor.words('registration.denied_title'))).toBeVisible();
  yield stop('confirm, it was not me');
  await visitor.visit(`${DOOR}/waiting`);
  await expect(visitor.heading(visitor.words('registration.denied_here_title'))).toBeVisible();
  yield stop('waiting, it was not me');
  await visitor.visit('/p/montclair/privacy');
  yield stop('privacy');
  await visitor.visit('/p/montclair/school-street/register');
  yield stop('register, with a logo');
  await visitor.visit(`${DOOR}/register`);
  await visitor.field('registration.name').fill('Marguerite Dubois-Lefèvre');
  await visitor.field('sign_in.email').fill(CLAIRE.email);
  await visitor.field('registration.password').fill(NEWEST);
  await visitor.button('registration.submit').click();
  await visitor.standsOn(`${DOOR}/waiting`);
  await visitor.openMail(CLAIRE.email, KNOWN[visitor.language]);
  yield stop('mail, registered already');
}

async function* ownAccount(visitor: Visitor): AsyncGenerator<Stop> {
  const stop = (name: string): Stop => ({ name, visitor });
  for (const page of ['profile', 'settings', 'settings/name', 'settings/language', 'settings/email']) {
    await visitor.visit(`${OWN}/${page}`);
    yield stop(`own account, ${page}`);
  }
  await visitor.field('details.email_label').fill('claire.dumont@citizens.example');
  await visitor.button('details.email_submit').click();
  await expect(visitor.button('details.withdraw')).toBeVisible();
  yield stop('own account, another address asked for');
  for (const page of ['settings/password', 'settings/sessions', 'settings/activity', 'settings/two-factor']) {
    await visitor.visit(`${OWN}/${page}`);
    yield stop(`own account, ${page}`);
  }
  await visitor.visit(`${OWN}/settings/password`);
  await visitor.button('password.change_submit').click();
  await expect(visitor.problem).toBeVisible();
  yield stop('own account, nothing typed for a new password');
}
