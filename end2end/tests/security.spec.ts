// What every answer carries, who may post, and what a program without a browser can and cannot do.
import { expect, test } from './fixtures';
import { ODILE, TOMAS } from './people';
import { Phone } from './phone';
import { PlainClient } from './tools';
import { TestServer } from './test-server';

/** Signs in with plain requests, like curl would. */
async function signIn(client: PlainClient, person: { email: string; password: string }): Promise<Response> {
  return client.post('/api/sign_in', { email: person.email, password: person.password, locale: 'en' });
}

test('every kind of answer carries the headers that protect it', async ({ server }) => {
  const client = new PlainClient(server.origin);
  const page = await (await client.get('/sign-in')).text();
  const assets = [...new Set([...page.matchAll(/\/assets\/[\w.-]+/g)].map(([path]) => path))];
  expect(assets.length).toBeGreaterThanOrEqual(5);
  const signedIn = new PlainClient(server.origin);
  await signIn(signedIn, ODILE);
  const mailbox = await (await client.get('/mailbox')).text();
  const mail = /\/mailbox\/([\w-]+)/.exec(mailbox)?.[1] ?? '';

  const answers: [string, number, Response][] = [];
  const expectAnswer = async (name: string, status: number, answer: Promise<Response>): Promise<void> => {
    answers.push([name, status, await answer]);
  };
  for (const path of ['/', '/fr', '/sign-in', '/help', '/help/search?q=code', '/mailbox', `/mailbox/${mail}`]) {
    await expectAnswer(path, 200, client.get(path));
  }
  for (const path of [...assets, '/robots.txt', '/favicon.ico', '/help/confirm-a-user.svg']) {
    await expectAnswer(path, 200, client.get(path));
  }
  for (const path of ['/healthz', '/readyz', '/.well-known/security.txt', `/mailbox-html/${mail}`]) {
    await expectAnswer(path, 200, client.get(path));
  }
  await expectAnswer('a page for whoever is signed in', 200, signedIn.get('/settings'));
  await expectAnswer('a page for others', 403, signedIn.get('/desk'));
  await expectAnswer('a redirect to sign in', 303, client.get('/settings'));
  await expectAnswer('a redirect to another language', 303, client.get('/help', { 'accept-language': 'fr' }));
  await expectAnswer('no page', 404, client.get('/nowhere'));
  await expectAnswer('no asset', 404, client.get('/assets/nothing.js'));
  await expectAnswer('a dead link', 410, client.get('/invitation?token=x'));
  await expectAnswer('a refused form', 303, client.post('/api/sign_in', { email: 'x', password: 'y' }));
  await expectAnswer('a foreign form', 403, client.post('/api/sign_in', {}, { origin: 'https://evil.example' }));
  await expectAnswer('a form that nobody reads', 404, client.post('/api/nothing', {}));
  await expectAnswer('a wrong method', 405, client.get('/api/sign_in'));

  const missing: string[] = [];
  for (const [name, status, answer] of answers) {
    const header = (key: string): string => answer.headers.get(key) ?? '';
    const check = (what: string, holds: boolean): void => {
      if (!holds) missing.push(`${name}: ${what}: ${header(what)}`);
    };
    if (answer.status !== status) missing.push(`${name}: ${answer.status} instead of ${status}`);
    const policy = header('content-security-policy');
    check('content-security-policy', policy.startsWith("default-src 'none'"));
    check('content-security-policy', policy.includes("frame-ancestors 'none'"));
    check('content-security-policy', !/ 'unsafe-eval'|\*|https?:/.test(policy));
    const isMail = name.startsWith('/mailbox-html');
    check('content-security-policy', isMail || !policy.includes('unsafe-inline'));
    check('x-content-type-options', header('x-content-type-options') === 'nosniff');
    check('referrer-policy', ['strict-origin-when-cross-origin', 'strict-origin', 'no-referrer'].includes(header('referrer-policy')));
    check('x-frame-options', header('x-frame-options') === 'DENY');
    check('cross-origin-opener-policy', header('cross-origin-opener-policy') === 'same-origin');
    check('cross-origin-resource-policy', header('cross-origin-resource-policy') === 'same-origin');
    check('permissions-policy', header('permissions-policy').includes('camera=()'));
    check('cache-control', header('cache-control') !== '');
    check('server', header('server') === '');
  }
  expect(missing).toEqual([]);

  const kept = new Map(answers.map(([name, , answer]) => [name, answer.headers.get('cache-control')]));
  for (const asset of assets) expect(kept.get(asset)).toContain('immutable');
  expect(kept.get('a page for whoever is signed in')).toBe('no-store');
});

test('each answer has a nonce of its own, and only our script carries it', async ({ server }) => {
  const client = new PlainClient(server.origin);
  const nonces = new Set<string>();
  for (let visit = 0; visit < 3; visit += 1) {
    const answer = await client.get('/sign-in');
    const nonce = /'nonce-([\w-]+)'/.exec(answer.headers.get('content-security-policy') ?? '')?.[1] ?? '';
    expect(nonce.length).toBeGreaterThanOrEqual(22);
    const scripts = [...(await answer.text()).matchAll(/<script[^>]*>/g)].map(([tag]) => tag);
    expect(scripts).toHaveLength(1);
    expect(scripts[0]).toContain(`nonce="${nonce}"`);
    nonces.add(nonce);
  }
  expect(nonces.size).toBe(3);
});

test('a form of another site is refused, whatever it holds', async ({ server }) => {
  const foreign: Record<string, string>[] = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site', origin: server.origin },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: `${server.origin}.evil.example` },
    { origin: server.origin.replace('http:', 'https:') },
  ];
  for (const headers of foreign) {
    const client = new PlainClient(server.origin);
    const answer = await client.post('/api/sign_in', { email: ODILE.email, password: ODILE.password }, headers);
    expect(answer.status, JSON.stringify(headers)).toBe(403);
    expect([...client.cookies.keys()]).not.toContain('back-office');
  }
  const ours: Record<string, string>[] = [{ 'sec-fetch-site': 'same-origin' }, { origin: server.origin }];
  for (const headers of ours) {
    const client = new PlainClient(server.origin);
    await client.post('/api/sign_in', { email: ODILE.email, password: ODILE.password }, headers);
    expect([...client.cookies.keys()]).toContain('back-office');
  }
});

test('a stranger’s page in the same browser cannot sign anybody in or out', async ({ browser, arrive, server }) => {
  const visitor = await arrive();
  await visitor.signIn(ODILE);
  const stranger = await browser.newContext({ storageState: await visitor.context.storageState() });
  const page = await stranger.newPage();
  await page.route('http://evil.example/**', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<form method="post" action="${server.origin}/api/sign_out"><button>Win</button></form>`,
    }),
  );
  await page.goto('http://evil.example/');
  await page.getByRole('button').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(visitor.words('errors.bad_request_title'));
  await stranger.close();
  await visitor.visit('/back-office');
  await visitor.isIn(ODILE);
});

test('[B06] [C01] [C02] [C03] plain requests sign in as well, with the code', async ({ server }) => {
  const client = new PlainClient(server.origin);
  const first = await signIn(client, TOMAS);
  expect([first.status, first.headers.get('location')]).toEqual([303, '/sign-in/code']);
  expect([...client.cookies.keys()]).not.toContain('back-office');
  const code = await new Phone(TOMAS.secret).code();
  const second = await client.post('/api/give_code', { code, form: 'code', locale: 'en' });
  expect([second.status, second.headers.get('location')]).toEqual([303, '/back-office']);
  const home = await client.get('/back-office');
  expect(home.status).toBe(200);
  expect(await home.text()).toContain(TOMAS.name);
  // Signing out ends the session itself, and not only this browser's memory of it.
  const twin = client.twin();
  await client.post('/api/sign_out', {});
  expect((await twin.get('/back-office')).status).toBe(303);
});

test('[C01] [C24] a half-finished sign-in reaches nothing', async ({ server }) => {
  const client = new PlainClient(server.origin);
  await signIn(client, TOMAS);
  for (const path of ['/back-office', '/profile', '/settings', '/settings/two-factor', '/settings/sessions', '/desk']) {
    for (const address of [path, `/fr${path}`]) {
      const answer = await client.get(address);
      expect([address, answer.status]).toEqual([address, 303]);
      expect(answer.headers.get('location')).toContain('/sign-in');
    }
  }
  for (const act of ['begin_two_factor', 'enable_two_factor', 'disable_two_factor', 'renew_recovery_codes']) {
    await client.post(`/api/${act}`, { proof: TOMAS.password, code: '123456' });
  }
  // The token of the first step is no session, under any name.
  const thief = new PlainClient(server.origin);
  thief.cookies.set('back-office', client.cookies.get('sign-in') ?? '');
  expect((await thief.get('/back-office')).status).toBe(303);
  // Nothing was changed: the code is still asked.
  const again = await signIn(new PlainClient(server.origin), TOMAS);
  expect(again.headers.get('location')).toBe('/sign-in/code');
});

test('[C04] of a hundred posts of one right code at the same time, one opens a session', async ({ server }) => {
  const code = await new Phone(TOMAS.secret).code();
  const begun: PlainClient[] = [];
  for (let index = 0; index < 10; index += 1) {
    const client = new PlainClient(server.origin);
    await signIn(client, TOMAS);
    begun.push(client);
  }
  const posts = Array.from({ length: 100 }, (_, index) => {
    const twin = begun[index % begun.length]?.twin() ?? new PlainClient(server.origin);
    return twin.post('/api/give_code', { code, form: 'code', locale: 'en' }).then((answer) => ({ twin, answer }));
  });
  const answered = await Promise.all(posts);
  const opened = answered.filter(({ twin }) => twin.cookies.has('back-office'));
  expect(opened).toHaveLength(1);
  expect(opened[0]?.answer.headers.get('location')).toBe('/back-office');
  expect((await opened[0]?.twin.get('/back-office'))?.status).toBe(200);
  const refused = answered.filter(({ twin }) => !twin.cookies.has('back-office'));
  expect(new Set(refused.map(({ answer }) => answer.status))).toEqual(new Set([303]));
});

test('after signing in, nobody is led to another site', async ({ server }) => {
  for (const next of ['//evil.example', 'https://evil.example/', '/\\evil.example', '/%2F/evil.example', '/nowhere']) {
    const client = new PlainClient(server.origin);
    const answer = await client.post('/api/sign_in', { email: ODILE.email, password: ODILE.password, next });
    expect(answer.headers.get('location')).toBe('/back-office');
  }
});

test('a GET changes nothing', async ({ server }) => {
  const client = new PlainClient(server.origin);
  await signIn(client, ODILE);
  expect((await client.get('/sign-out')).status).toBe(200);
  for (const act of ['sign_out', 'begin_two_factor', 'send_vote', 'accept_invitation']) {
    expect((await client.get(`/api/${act}?helpful=yes&article=add-a-new-user`)).status).toBe(405);
  }
  expect((await client.get('/back-office')).status).toBe(200);
});

test('over https, cookies are bound to the host and the browser is told to stay secure', async ({}) => {
  // Under a public name the program serves only with a mail server.
  const settings = { BPART_PUBLIC_URL: 'https://door.example.org', BPART_SMTP_URL: 'smtp://127.0.0.1:1' };
  const server = await TestServer.open(settings);
  try {
    // The program itself speaks http: a proxy in front of it holds the certificate.
    const client = new PlainClient(server.address);
    const answer = await signIn(client, ODILE);
    const [cookie] = answer.headers.getSetCookie().filter((line) => line.startsWith('__Host-back-office='));
    for (const part of ['Path=/', 'HttpOnly', 'SameSite=Lax', 'Secure']) expect(cookie).toContain(part);
    expect(answer.headers.get('strict-transport-security')).toContain('max-age=');
    expect((await client.get('/back-office')).status).toBe(200);
    // A cookie without the prefix was planted by somebody else.
    const planted = new PlainClient(server.address);
    planted.cookies.set('back-office', client.cookies.get('__Host-back-office') ?? '');
    expect((await planted.get('/back-office')).status).toBe(303);
  } finally {
    await server.close();
  }
});

test('the log holds no address, no name, no password and no cookie', async ({ arrive, server }) => {
  const visitor = await arrive();
  await visitor.signIn(TOMAS, new Phone(TOMAS.secret));
  const cookies = await visitor.context.cookies();
  const lines = server.logged.split('\n').filter((line) => line.startsWith('{'));
  expect(lines.length).toBeGreaterThan(0);
  for (const secret of [TOMAS.email, TOMAS.password, TOMAS.name, ...cookies.map((cookie) => cookie.value)]) {
    expect(lines.filter((line) => line.includes(secret))).toEqual([]);
  }
});
