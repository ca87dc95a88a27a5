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
  await expect(visitor.button('sign_in.confirmation_again')).toBeVisible();
  yield stop('project, sign-in, the mail to confirm the address is sent');
  const confirmation = await visitor.mailedLink(NOAH.email, SUBJECTS.confirm, 'confirm-address');
  yield stop('mail, confirm the address');
  await visitor.visit(confirmation);
  yield stop('confirm the address');
  await visitor.visit(`${DOOR}/confirm-address?token=nothing`);
  yield stop('confirm the address, a dead link');
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
