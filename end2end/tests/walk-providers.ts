// The part of the walk that leads to Google and Microsoft: every page of ours on the way there and back.
import { expect } from '@playwright/test';

import { AADSTS } from '../issuers/microsoft';
import { AtProvider } from './at-provider';
import { PROMISED } from './promised';
import type { Providers } from './providers';
import type { Visitor } from './visitor';
import type { Stop } from './walk';

const STRANGER = 'nobody@nowhere.example';
const WORK = 'somebody@works.example';

export async function* providersRoundTrip(visitor: Visitor, providers: Providers): AsyncGenerator<Stop> {
  yield* refusals(visitor, providers);
  for (const provider of ['google', 'microsoft']) {
    await visitor.visit(`/sign-in/ict/${provider}`);
    yield { name: `letter to ICT, ${provider}`, visitor };
  }
  for (const page of ['approved', 'not-approved']) {
    await visitor.visit(`/sign-in/${page}`);
    yield { name: `back from ICT, ${page}`, visitor };
  }
  yield* onlyWayIn(visitor, providers);
  yield* linking(visitor, providers);
}

async function* refusals(visitor: Visitor, providers: Providers): AsyncGenerator<Stop> {
  const stop = (name: string): Stop => ({ name: `sign-in with a provider, ${name}`, visitor });
  const google = AtProvider.google(visitor, providers);
  await google.signsIn(STRANGER);
  await google.isRefused('no_manager');
  yield stop('no manager');
  const microsoft = AtProvider.microsoft(visitor, providers);
  await microsoft.signsIn(STRANGER);
  await microsoft.isRefused('not_linked');
  yield stop('not linked');
  await google.setsOut();
  await google.turnsBack();
  await google.isRefused('cancelled');
  yield stop('turned back');
  providers.microsoft.refusesNext(AADSTS.conditionalAccess);
  await microsoft.setsOut();
  await microsoft.isRefused('blocked');
  yield stop('blocked by ICT');
}

/** Somebody who sets her account up with Google, and has no other way in. */
async function* onlyWayIn(visitor: Visitor, providers: Providers): AsyncGenerator<Stop> {
  const person = { email: 'only@bellerive.example', name: 'Noor Wouters', language: visitor.language };
  const link = await visitor.server.openAccount(person);
  await visitor.context.clearCookies();
  await visitor.page.goto(link);
  await visitor.button('providers.continue_google').click();
  await AtProvider.google(visitor, providers).enters('noor.wouters@gmail.com');
  await visitor.isIn(person);
  yield { name: 'back office, set up with a provider', visitor };
  await visitor.visit('/settings/provider/google');
  yield { name: 'account at a provider, the only way in', visitor };
  await visitor.visit('/settings');
  yield { name: 'settings without a password', visitor };
}

/** The same person links an account at Microsoft as well. */
async function* linking(visitor: Visitor, providers: Providers): AsyncGenerator<Stop> {
  const stop = (name: string): Stop => ({ name, visitor });
  const { page } = visitor;
  const microsoft = AtProvider.microsoft(visitor, providers);
  const press = (): Promise<void> =>
    page.getByRole('button', { name: PROMISED[visitor.language].linkMicrosoft, exact: true }).click();
  await visitor.visit('/settings/provider/microsoft');
  yield stop('account at a provider, not linked');

  // The page that leads there is left at once, unless the way is barred.
  const barred = `${providers.microsoft.origin}/**`;
  await page.route(barred, (route) => route.abort('aborted'));
  const stopped = page.waitForEvent('requestfailed', (request) => request.url().startsWith(providers.microsoft.origin));
  await visitor.visit('/settings');
  await press();
  await stopped;
  await expect(visitor.heading(visitor.words('providers.leave_title', { provider: 'Microsoft' }))).toBeVisible();
  yield stop('on the way to a provider');
  await page.unroute(barred);

  await visitor.visit('/settings');
  await press();
  await microsoft.types(WORK);
  await microsoft.refuses();
  await visitor.standsOn('/profile');
  yield stop('profile, turned back at a provider');
  providers.microsoft.refusesNext(AADSTS.administratorMustApprove);
  await visitor.visit('/settings');
  await press();
  await visitor.standsOn('/profile');
  yield stop('profile, blocked by ICT');
  await visitor.visit('/settings');
  await press();
  await microsoft.takes(WORK);
  await microsoft.accepts();
  await visitor.standsOn('/profile');
  yield stop('profile, just linked');
  await visitor.visit('/settings');
  yield stop('settings, linked');
  await visitor.visit('/settings/provider/microsoft');
  yield stop('account at a provider, linked');
}
