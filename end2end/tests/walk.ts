// A walk through every page of the demo and every state that a person can bring it into.
//
// The checks that hold for all pages (accessibility, HTML, width, typography) take this walk, so a new page needs one
// line here and is checked by all of them.
import { expect } from '@playwright/test';

import type { Arrival, Arrive } from './fixtures';
import { AMINA, INGRID, LUCAS, ROSA, TOMAS, managerReading } from './people';
import { Phone } from './phone';
import type { Providers } from './providers';
import type { Visitor } from './visitor';
import { citizen } from './walk-citizen';
import { providersRoundTrip } from './walk-providers';
import type { Language } from './words';

export const ARTICLES = [
  'troubles-or-issues-with-signing-in',
  'sign-in-with-google-or-microsoft',
  'two-factor-authentication-2fa',
  'add-a-new-user',
  'change-your-details',
  'your-sessions-and-devices',
  'activity-and-alerts-of-your-account',
  'take-your-data-or-delete-your-account',
] as const;

/** A page in one of its states, and who looks at it. */
export interface Stop {
  name: string;
  visitor: Visitor;
}

/** A part of the walk. Each begins with a visitor whom nobody knows. */
const PARTS: readonly ((visitor: Visitor, providers: Providers) => AsyncGenerator<Stop>)[] = [
  frontDoor,
  help,
  invitation,
  backOffice,
  secondStep,
  providersRoundTrip,
  citizen,
  leaving,
  desk,
  demo,
];

/** Everything, in one language. */
export async function* everyPage(
  arrive: Arrive,
  providers: Providers,
  arrival: Arrival & { language: Language },
): AsyncGenerator<Stop> {
  for (const part of PARTS) yield* part(await arrive(arrival), providers);
}

async function* frontDoor(visitor: Visitor): AsyncGenerator<Stop> {
  const stop = (name: string): Stop => ({ name, visitor });
  await visitor.visit('/');
  yield stop('front page');
  await visitor.visit('/sign-in');
  yield stop('sign-in');
  await visitor.button('sign_in.submit').click();
  await expect(visitor.problem).toBeVisible();
  yield stop('sign-in, nothing typed');
  await visitor.givePassword(LUCAS);
  await expect(visitor.problem).toBeVisible();
  yield stop('sign-in, refused');
  await visitor.visit('/settings');
  yield stop('sign-in, another page was wanted');
  await visitor.visit('/sign-out');
  yield stop('sign-out');
  await visitor.visit('/nowhere');
  yield stop('a page that does not exist');
}

async function* help(visitor: Visitor): AsyncGenerator<Stop> {
  const stop = (name: string): Stop => ({ name, visitor });
  await visitor.visit('/help');
  yield stop('help centre');
  await visitor.visit('/help/category/general-support');
  yield stop('category');
  for (const [name, query] of [
    ['nothing asked', ''],
    ['several found', 'code'],
    ['nothing found', 'xylophone'],
  ]) {
    await visitor.visit(`/help/search?q=${query}`);
    yield stop(`search, ${name}`);
  }
  for (const slug of ARTICLES) {
    await visitor.visit(`/help/article/${slug}`);
    yield stop(`article ${slug}`);
  }
  await visitor.button('help.feedback.yes').click();
  await expect(visitor.page.getByText(visitor.words('help.feedback.voted'))).toBeVisible();
  yield stop('article, after the vote');
  await visitor.page.getByText(visitor.words('help.feedback.share'), { exact: true }).click();
  await visitor.button('help.feedback.send').click();
  await expect(visitor.problem).toBeVisible();
  yield stop('article, an empty comment');
  await visitor.field('help.feedback.comment').fill('Brief und klar.');
  await visitor.button('help.feedback.send').click();
  await expect(visitor.page.getByText(visitor.words('help.feedback.thanks'))).toBeVisible();
  yield stop('article, thanks');
  await visitor.visit('/help/article/nothing-of-the-kind');
  yield stop('an article that does not exist');
}

async function* invitation(visitor: Visitor): AsyncGenerator<Stop> {
  const stop = (name: string): Stop => ({ name, visitor });
  await visitor.visit('/invitation?token=not-a-token');
  yield stop('set-up link, dead');
  await visitor.followInvitation(INGRID);
  yield stop('set-up link');
  await visitor.choosePassword('password');
  await expect(visitor.problem).toBeVisible();
  yield stop('set-up link, a weak password');
  await visitor.choosePassword(INGRID.password);
  await visitor.standsOn('/back-office');
  yield stop('back office, after setting the account up');
}

async function* backOffice(visitor: Visitor): AsyncGenerator<Stop> {
  const stop = (name: string): Stop => ({ name, visitor });
  const manager = managerReading(visitor.language);
  await visitor.signIn(manager);
  yield stop('back office');
  await visitor.openMenu(manager);
  yield stop('back office, the menu open');
  await visitor.visit('/profile');
  yield stop('profile');
  await visitor.visit('/settings/sessions');
  yield stop('sessions and devices');
  await visitor.visit('/settings');
  yield stop('settings');
  await visitor.visit('/settings/two-factor');
  yield stop('two-factor, off');
  await visitor.visit('/desk');
  yield stop('a page for others');
  await visitor.beginTwoFactor();
  await visitor.page.getByText(visitor.words('two_factor.cannot_scan')).click();
  yield stop('two-factor, set-up');
  const { phone } = await visitor.scan();
  await visitor.activate(phone.wrongCode());
  await expect(visitor.problem).toBeVisible();
  yield stop('two-factor, set-up, a wrong code');
  await visitor.visit('/settings');
  yield stop('settings, the set-up begun');
  await visitor.visit('/settings/two-factor');
  await visitor.activate(await phone.oldestCode());
  await visitor.shownRecoveryCodes();
  yield stop('recovery codes');
  await visitor.saveRecoveryCodes();
  await visitor.visit('/settings');
  yield stop('settings, two-factor on');
  await visitor.visit('/settings/two-factor');
  yield stop('two-factor, on');
  await visitor.proofForm('two_factor.new_phone').getByRole('textbox').fill(manager.password);
  await visitor.button('two_factor.new_phone').click();
  await expect(visitor.button('two_factor.new_phone_activate')).toBeVisible();
  yield stop('two-factor, a new phone');
  await visitor.button('common.cancel').click();
  await visitor.visit('/settings/two-factor');
  await visitor.disableTwoFactor('certainly not the password');
  await expect(visitor.problem).toBeVisible();
  yield stop('two-factor, a wrong proof');
  await visitor.proofForm('two_factor.renew').getByRole('textbox').fill(manager.password);
  await visitor.button('two_factor.renew').click();
  await visitor.shownRecoveryCodes();
  yield stop('recovery codes, new ones');
  await visitor.saveRecoveryCodes();
  await visitor.visit('/settings/two-factor');
  await visitor.disableTwoFactor(manager.password);
  await expect(visitor.page.getByText(visitor.words('two_factor.disabled'))).toBeVisible();
  yield stop('two-factor, just switched off');
  const { recoveryCodes } = await visitor.enableTwoFactor();
  await visitor.signOut(manager);
  yield stop('sign-in, signed out');
  await visitor.givePassword(manager);
  await visitor.page.getByText(visitor.words('sign_in.lost_device')).click();
  yield stop('second step, the telephone lost');
  await visitor.field('sign_in.recovery_label').fill('AAAA-AAAA-AAAA-AAAA');
  await visitor.button('sign_in.use_recovery_code').click();
  await expect(visitor.problem).toBeVisible();
  yield stop('second step, a wrong recovery code');
  await visitor.field('sign_in.recovery_label').fill(recoveryCodes[0] ?? '');
  await visitor.button('sign_in.use_recovery_code').click();
  await visitor.isIn(manager);
  yield stop('back office, after a recovery code');
}

async function* secondStep(visitor: Visitor): AsyncGenerator<Stop> {
  const stop = (name: string): Stop => ({ name, visitor });
  const phone = new Phone(TOMAS.secret);
  const wrongCode = phone.wrongCode();
  await visitor.givePassword(TOMAS);
  await visitor.standsOn('/sign-in/code');
  yield stop('second step');
  await visitor.giveCode(await phone.oldestCode());
  await visitor.isIn(TOMAS);
  yield stop('back office of two organisations');
  await visitor.signOut(TOMAS);
  await visitor.givePassword(TOMAS);
  for (let tries = 0; tries < 4; tries += 1) {
    await visitor.giveCode(wrongCode);
    await expect(visitor.problem).toBeVisible();
  }
  yield stop('second step, a wrong code');
  await visitor.giveCode(wrongCode);
  await visitor.standsOn('/sign-in');
  yield stop('sign-in, too many wrong codes');
  await visitor.givePassword(TOMAS);
  await visitor.giveCode(wrongCode);
  await expect(visitor.problem).toBeVisible();
  yield stop('second step, too many tries');
}

async function* leaving(visitor: Visitor): AsyncGenerator<Stop> {
  const stop = (name: string): Stop => ({ name, visitor });
  const link = await visitor.mailedLink(ROSA.email, 'Your account will be deleted', 'settings/delete/stop');
  yield stop('mail, account will be deleted');
  await visitor.visit(link);
  yield stop('keep this account?');
  await visitor.signIn(ROSA);
  yield stop('back office, will be deleted');
  await visitor.visit('/settings/delete');
  yield stop('leaving, asked for');
  await visitor.button('leaving.keep').click();
  await visitor.standsOn('/settings');
  yield stop('settings, the account stays');
  await visitor.visit(link);
  yield stop('keep this account, a dead link');
  await visitor.visit('/settings/data');
  yield stop('own data');
  await visitor.visit('/settings/delete');
  yield stop('leaving');
  await visitor.page.locator('input[name=proof]').fill('certainly not the password');
  await visitor.button('leaving.submit', { days: '7' }).click();
  await expect(visitor.problem).toBeVisible();
  yield stop('leaving, a wrong proof');
}

async function* desk(visitor: Visitor): AsyncGenerator<Stop> {
  await visitor.signIn(AMINA);
  yield { name: 'back office without an organisation', visitor };
  await visitor.visit('/desk');
  yield { name: 'support desk', visitor };
}

async function* demo(visitor: Visitor): AsyncGenerator<Stop> {
  await visitor.visit('/mailbox');
  yield { name: 'mailbox', visitor };
  await visitor.page.getByRole('main').getByRole('link').first().click();
  await expect(visitor.page.locator('article')).toBeVisible();
  yield { name: 'a mail', visitor };
  await visitor.visit('/components');
  yield { name: 'building blocks', visitor };
}
