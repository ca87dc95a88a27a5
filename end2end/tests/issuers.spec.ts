// The providers of these tests refuse what real ones refuse. Without that, the other tests would prove little.
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { type Page, expect, test } from '@playwright/test';

import { GOOGLE, googleAccount } from '../issuers/google';
import { type Client, Issuer, type Kind } from '../issuers/issuer';
import { MICROSOFT, microsoftAccount } from '../issuers/microsoft';
import { SecondIssuer } from '../issuers/second';

const VERIFIER = randomBytes(32).toString('base64url');

/** Where the client of each test receives people, and who it is. */
let callback: string;
let client: Client;
let listener: Server;

// Somebody answers at the client's: where nobody does, the browser's own page of failure comes some time later, and may
// break off what a test does next.
test.beforeEach(async () => {
  listener = createServer((_, answer) => answer.setHeader('Content-Type', 'text/plain').end('back')).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  callback = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/auth/callback`;
  client = { id: 'a client', secret: 'its secret', callback };
});

test.afterEach(() => {
  listener.close();
  listener.closeAllConnections();
});

interface Metadata {
  issuer: string;
  authorization_endpoint: string;
  token_endpoint: string;
}

async function metadataOf(base: string): Promise<Metadata> {
  const answer = await fetch(`${base}/.well-known/openid-configuration`);
  return (await answer.json()) as Metadata;
}

/** The address of a sign-in, as a client writes it. */
function request(metadata: Metadata, client: Client, changes: Record<string, string> = {}): string {
  const asked = {
    client_id: client.id,
    redirect_uri: client.callback,
    response_type: 'code',
    scope: 'openid email profile',
    state: 'a state',
    nonce: 'a nonce',
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
    code_challenge_method: 'S256',
    ...changes,
  };
  return `${metadata.authorization_endpoint}?${new URLSearchParams(asked).toString()}`;
}

/** Does something that leads back to the client, and gives back what the provider says there. */
async function wayBack(page: Page, act: () => Promise<unknown>): Promise<URLSearchParams> {
  await act();
  await page.waitForURL((url) => url.href.startsWith(callback));
  return new URL(page.url()).searchParams;
}

async function exchange(metadata: Metadata, client: Client, code: string, verifier: string): Promise<Response> {
  const form = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: client.callback,
    code_verifier: verifier,
    client_id: client.id,
    client_secret: client.secret,
  };
  return fetch(metadata.token_endpoint, { method: 'POST', body: new URLSearchParams(form) });
}

async function claimsOf(answer: Response): Promise<Record<string, unknown>> {
  const { id_token: token } = (await answer.json()) as { id_token: string };
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}

async function withIssuer(kind: Kind, visit: (issuer: Issuer, metadata: Metadata) => Promise<void>): Promise<void> {
  const issuer = await Issuer.open(kind, client);
  try {
    await visit(issuer, await metadataOf(issuer.address));
  } finally {
    await issuer.close();
  }
}

/** Types an account and accepts the permissions; gives back the code. */
async function code(page: Page, address: string): Promise<string> {
  await page.getByLabel('Email or phone').fill(address);
  await page.getByRole('button', { name: 'Next' }).click();
  const back = await wayBack(page, () => page.getByRole('button', { name: 'Accept' }).click());
  expect(back.get('state')).toBe('a state');
  return back.get('code') ?? '';
}

test('one like Google asks which account, and says whose it is', async ({ page }) => {
  await withIssuer(GOOGLE, async (issuer, metadata) => {
    expect(metadata.issuer).toBe(issuer.address);
    issuer.knows(googleAccount({ email: 'ann@town.example', sub: '123', isVerified: false }));
    await page.goto(request(metadata, client, { prompt: 'select_account' }));
    const granted = await code(page, 'Ann@town.example');
    expect((await exchange(metadata, client, granted, 'another verifier'.repeat(4))).status).toBe(400);

    await page.goto(request(metadata, client, { prompt: 'select_account' }));
    const back = await wayBack(page, () => page.getByRole('button', { name: 'ann@town.example' }).click());
    const answer = await exchange(metadata, client, back.get('code') ?? '', VERIFIER);
    expect(await claimsOf(answer.clone())).toMatchObject({
      iss: issuer.address,
      aud: client.id,
      sub: '123',
      email: 'ann@town.example',
      email_verified: false,
      hd: 'town.example',
      nonce: 'a nonce',
    });
    // A code works once.
    expect((await exchange(metadata, client, back.get('code') ?? '', VERIFIER)).status).toBe(400);
    expect(issuer.asked.map((asked) => asked.get('prompt'))).toEqual(['select_account', 'select_account']);
    expect(issuer.exchanged).toEqual([{ verifier: VERIFIER }]);
  });
});

test('one like Microsoft names the tenant of each person, and sends back whom her organisation blocks', async ({ page }) => {
  await withIssuer(MICROSOFT, async (issuer, metadata) => {
    expect(metadata.issuer).toBe(`${issuer.origin}/{tenantid}/v2.0`);
    issuer.knows(microsoftAccount({ address: 'ann@town.example', tenant: 't-1', object: 'o-1', amr: ['pwd', 'mfa'] }));
    const obstacle = { error: 'access_denied', error_description: 'AADSTS53003: no.' };
    issuer.knows(microsoftAccount({ address: 'bob@town.example', obstacle }));
    await page.goto(request(metadata, client));
    const answer = await exchange(metadata, client, await code(page, 'ann@town.example'), VERIFIER);
    const claims = { tid: 't-1', oid: 'o-1', ver: '2.0', amr: ['pwd', 'mfa'], iss: `${issuer.origin}/t-1/v2.0` };
    expect(await claimsOf(answer)).toMatchObject({ ...claims, preferred_username: 'ann@town.example' });

    await page.goto(request(metadata, client, { prompt: 'select_account' }));
    await page.getByLabel('Email or phone').fill('bob@town.example');
    const blocked = await wayBack(page, () => page.getByRole('button', { name: 'Next' }).click());
    expect(Object.fromEntries(blocked)).toMatchObject({ ...obstacle, state: 'a state' });

    issuer.refusesNext({ error: 'server_error' });
    const refused = await wayBack(page, () => page.goto(request(metadata, client)));
    expect(Object.fromEntries(refused)).toEqual({ error: 'server_error', state: 'a state' });
  });
});

test('a way back that is not registered, and a way without PKCE, are refused', async ({ page }) => {
  await withIssuer(GOOGLE, async (_, metadata) => {
    const elsewhere = await page.goto(request(metadata, client, { redirect_uri: `${callback}/` }));
    expect(elsewhere?.status()).toBe(400);
    const without = { code_challenge: '', code_challenge_method: '' };
    const back = await wayBack(page, () => page.goto(request(metadata, client, without)));
    expect(back.get('error')).toBe('invalid_request');
    const plain = { code_challenge: VERIFIER, code_challenge_method: 'plain' };
    expect((await wayBack(page, () => page.goto(request(metadata, client, plain)))).get('error')).toBe('invalid_request');
  });
});

test('the second one knows its client and its people', async ({ page }) => {
  // Its pages want a style sheet from elsewhere.
  await page.route('https://**', (route) => route.abort());
  const issuer = await SecondIssuer.open([googleAccount({ email: 'ann@town.example', sub: '123' })], callback);
  try {
    const metadata = await metadataOf(issuer.origin);
    await page.goto(request(metadata, issuer.client));
    const back = await wayBack(page, () => page.getByRole('button', { name: '123' }).click());
    const answer = await exchange(metadata, issuer.client, back.get('code') ?? '', VERIFIER);
    const claims = { iss: issuer.origin, sub: '123', email: 'ann@town.example', email_verified: true, hd: 'town.example' };
    expect(await claimsOf(answer)).toMatchObject({ ...claims, nonce: 'a nonce' });
    const stranger = { ...issuer.client, secret: 'not its secret' };
    expect((await exchange(metadata, stranger, back.get('code') ?? '', VERIFIER)).status).toBe(401);
  } finally {
    await issuer.close();
  }
});
