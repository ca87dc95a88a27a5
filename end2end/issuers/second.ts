// Another provider of identities, which shares no code with the first: PyPI's oidc-provider-mock, on authlib and Flask.
// What one of them forgives, the other may not.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { freePort } from '../tests/test-server';
import { PROJECT } from '../tests/words';
import type { Client, Identity } from './issuer.ts';

/** `cargo xtask test` names the Python that it has prepared; by hand, this is where it puts it. */
const PYTHON = process.env.TEST_PYTHON ?? join(PROJECT, 'target', 'python', 'bin', 'python');

/** How long it may take to start, in milliseconds: Python reads many files. */
const PATIENCE = 60_000;

export class SecondIssuer {
  private constructor(
    readonly origin: string,
    readonly client: Client,
    private readonly process: ChildProcess,
  ) {}

  /** Opens its doors to people it knows, and to one client, which it names itself. */
  static async open(people: Identity[], callback: string): Promise<SecondIssuer> {
    const port = await freePort();
    const known = people.flatMap(({ claims }) => ['--user-claims', JSON.stringify(claims)]);
    const strict = ['--require-registration', 'true', '--require-nonce', 'true'];
    const args = ['-m', 'oidc_provider_mock', '--port', String(port), ...strict, ...known];
    const child = spawn(PYTHON, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let log = '';
    child.stderr?.on('data', (words: Buffer) => (log += words.toString()));
    const origin = `http://127.0.0.1:${port}`;
    try {
      const client = await Promise.race([
        register(origin, callback),
        once(child, 'exit').then(() => Promise.reject(new Error(`the second provider did not open:\n${log}`))),
      ]);
      return new SecondIssuer(origin, client, child);
    } catch (error) {
      child.kill();
      throw error;
    }
  }

  /** The environment variables of a program that takes it for Google. */
  get settings(): Record<string, string> {
    return {
      BPART_GOOGLE_CLIENT_ID: this.client.id,
      BPART_GOOGLE_CLIENT_SECRET: this.client.secret,
      BPART_GOOGLE_ISSUER: this.origin,
    };
  }

  async close(): Promise<void> {
    if (this.process.exitCode !== null) return;
    this.process.kill();
    await once(this.process, 'exit');
  }
}

/** Registers a client, as soon as somebody answers (RFC 7591). */
async function register(origin: string, callback: string): Promise<Client> {
  const until = Date.now() + PATIENCE;
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    // How both real ones let their clients show their secret.
    body: JSON.stringify({ redirect_uris: [callback], token_endpoint_auth_method: 'client_secret_post' }),
  };
  while (Date.now() < until) {
    const answer = await fetch(`${origin}/oauth2/clients`, request).catch(() => undefined);
    if (answer?.ok) {
      const { client_id: id, client_secret: secret } = (await answer.json()) as Record<string, string>;
      return { id: id ?? '', secret: secret ?? '', callback };
    }
    await wait(50);
  }
  throw new Error('the second provider did not open');
}
