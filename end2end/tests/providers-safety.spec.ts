// What keeps the way to a provider and back from being used by anybody else.
import { googleAccount } from '../issuers/google';
import { SecondIssuer } from '../issuers/second';
import { AtProvider, waysBackIn } from './at-provider';
import { test as anyTest, onTestServer, withVisitors } from './fixtures';
import { ODILE, managerReading } from './people';
import { expect, test } from './providers';
import { PlainClient } from './tools';
import { TestServer } from './test-server';
import { LANGUAGES } from './words';

const REFUSED = '/sign-in/provider';

// Red when a callback is taken twice, or from another browser.
test('[B40] a way back works once, and only in the browser that set out', async ({ arrive, providers }) => {
  const visitor = await arrive();
  const ways = waysBackIn(visitor);
  await AtProvider.google(visitor, providers).signsIn(ODILE.email);
  await visitor.isIn(ODILE);
  const [used = ''] = ways;
  expect(used).toContain('/auth/google/callback?');

  const replays = await arrive();
  for (const browser of [visitor, replays]) {
    await browser.page.goto(used);
    await AtProvider.google(browser, providers).isRefused('expired');
  }
  await replays.isOut();
  // The code never got to Google a second time, and the session that it opened is as it was.
  expect(providers.google.exchanged).toHaveLength(1);
  await visitor.visit('/back-office');
  await visitor.isIn(ODILE);
});

// Red when a browser can be signed in as somebody else by a link (login CSRF), or when a state is believed as it comes.
test('[B40] a way back that was begun elsewhere, or nowhere, is refused before Google hears of it', { tag: '@once' }, async ({
  providers,
  server,
}) => {
  const attacker = new PlainClient(server.origin);
  const begun = await attacker.get('/auth/google/start');
  expect(begun.status).toBe(303);
  const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state') ?? '';
  const back = (state: string, provider = 'google'): string =>
    `/auth/${provider}/callback?${new URLSearchParams({ code: 'a code', state }).toString()}`;

  const victim = new PlainClient(server.origin);
  const withCookie = new PlainClient(server.origin);
  await withCookie.get('/auth/google/start');
  for (const [client, address] of [
    [victim, back(state)],
    [withCookie, back(state)],
    [attacker.twin(), back('made-up')],
    [attacker.twin(), back('')],
    [attacker.twin(), back(state, 'microsoft')],
    [attacker.twin(), '/auth/google/callback'],
  ] as const) {
    const answer = await client.get(address);
    expect(answer.status, address).toBe(303);
    expect(answer.headers.get('location'), address).toBe(REFUSED);
    expect([...client.cookies.keys()].filter((name) => name.startsWith('back-office'))).toEqual([]);
  }
  expect(providers.google.exchanged).toEqual([]);
});

// Red when a page that leads to a provider tells it, or anybody, where the person came from.
test('[B40] nothing of a way back is kept by caches or told by the referrer', { tag: '@once' }, async ({ providers, server }) => {
  const client = new PlainClient(server.origin);
  const begun = await client.get('/auth/microsoft/start');
  const asked = new URL(begun.headers.get('location') ?? '');
  expect(asked.origin).toBe(providers.microsoft.origin);
  expect(asked.searchParams.get('redirect_uri')).toBe(`${server.origin}/auth/microsoft/callback`);
  for (const answer of [begun, await client.get('/auth/microsoft/callback?error=access_denied&state=x')]) {
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
  }
});

// Red when a `next` that leads elsewhere is followed after the round trip.
test('a wanted page of another site is forgotten on the way', { tag: '@once' }, async ({ arrive, providers, server }) => {
  for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example']) {
    const visitor = await arrive();
    await visitor.page.goto(`${server.origin}/auth/google/start?next=${encodeURIComponent(next)}`);
    await AtProvider.google(visitor, providers).enters(ODILE.email);
    await visitor.isIn(ODILE);
  }
});

for (const language of LANGUAGES) {
  // Red when the citizens' door shows a way that leads them nowhere.
  test(`[B39] in ${language}, the citizens’ sign-in promises neither Google nor Microsoft`, { tag: '@once' }, async ({ arrive }) => {
    const visitor = await arrive({ language });
    await visitor.visit('/p/bellerive/quay/sign-in');
    await expect(visitor.field('sign_in.password')).toBeVisible();
    const main = visitor.page.getByRole('main');
    await expect(main).not.toContainText(/Google|Microsoft/);
    await expect(main.locator('a[href*="/auth/"]')).toHaveCount(0);
  });
}

anyTest.describe('without the providers of the other tests', () => {
  // Red when a button is shown that can only fail.
  anyTest('a provider that the operator has not set up is offered nowhere', { tag: '@once' }, async ({ arrive }) => {
    const visitor = await arrive();
    await visitor.visit('/sign-in');
    await expect(visitor.field('sign_in.password')).toBeVisible();
    await expect(visitor.page.locator('a[href*="/auth/"]')).toHaveCount(0);
    expect((await visitor.visit('/auth/google/start')).status()).toBe(404);
  });

  // Red when a provider that does not answer keeps people from their password, or is waited for without end.
  anyTest('a provider that does not answer is named, and the password works as always', async ({
    model,
    browsers,
    javaScriptEnabled,
  }) => {
    const settings = {
      BPART_GOOGLE_CLIENT_ID: 'an id',
      BPART_GOOGLE_CLIENT_SECRET: 'a secret',
      // Nobody listens on this port.
      BPART_GOOGLE_ISSUER: 'http://127.0.0.1:9',
    };
    const hasScripts = javaScriptEnabled ?? true;
    const visit = (server: TestServer): Promise<void> =>
      withVisitors({ browsers, server, hasScripts }, async (arrive) => {
        const visitor = await arrive();
        await visitor.visit('/sign-in');
        await visitor.page.locator('a[href*="/auth/google"]').click();
        await visitor.standsOn(REFUSED);
        const title = visitor.words('providers.unavailable_title', { provider: 'Google' });
        await expect(visitor.heading(title)).toBeVisible();
        await visitor.signIn(ODILE);
      });
    await onTestServer(model, visit, settings);
  });

  for (const language of LANGUAGES) {
    // Red when the program leans on something that only one provider does.
    anyTest(`[B07] [B09] [B10] in ${language}, a provider written in another language is Google as well`, async ({
      model,
      browsers,
      javaScriptEnabled,
    }) => {
      const manager = managerReading(language);
      const hasScripts = javaScriptEnabled ?? true;
      const people = [
        googleAccount({ email: manager.email, sub: '3003' }),
        googleAccount({ email: 'nobody@nowhere.example', sub: '4004' }),
      ];
      const issuer = await SecondIssuer.open(people, `${TestServer.originLike(model)}/auth/google/callback`);
      const visit = (server: TestServer): Promise<void> =>
        withVisitors({ browsers, server, hasScripts }, async (arrive) => {
          const visitor = await arrive({ language });
          const { page } = visitor;
          // Its pages want a style sheet from elsewhere.
          await page.route('https://**', (route) => route.abort());
          for (const sub of ['4004', '3003']) {
            await visitor.visit('/sign-in');
            await page.locator('a[href*="/auth/google"]').click();
            await page.getByRole('button', { name: sub, exact: true }).click();
            if (sub === '4004') await visitor.standsOn(REFUSED);
          }
          await visitor.isIn(manager);
        });
      try {
        await onTestServer(model, visit, issuer.settings);
      } finally {
        await issuer.close();
      }
    });
  }
});
