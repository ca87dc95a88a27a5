// A server whose operator has registered it with Google and Microsoft, and the two providers beside it.
import { onTestServer, test as anyTest } from './fixtures';
import { GOOGLE, type GoogleAccount, googleAccount } from '../issuers/google';
import { Issuer } from '../issuers/issuer';
import { MICROSOFT, type MicrosoftAccount, microsoftAccount } from '../issuers/microsoft';
import { type Model, TestServer } from './test-server';

/** Both providers, which know the server at one address and let no other have their codes. */
export class Providers {
  private constructor(
    readonly google: Issuer,
    readonly microsoft: Issuer,
  ) {}

  static async beside(model: Model): Promise<Providers> {
    const origin = TestServer.originLike(model);
    const client = (provider: string) => ({
      id: `bpart-at-${provider}`,
      secret: `what bpart shows to ${provider}`,
      callback: `${origin}/auth/${provider}/callback`,
    });
    return new Providers(
      await Issuer.open(GOOGLE, client('google')),
      await Issuer.open(MICROSOFT, client('microsoft')),
    );
  }

  /** The environment variables of a program that is registered with both. */
  get settings(): Record<string, string> {
    return {
      BPART_GOOGLE_CLIENT_ID: this.google.client.id,
      BPART_GOOGLE_CLIENT_SECRET: this.google.client.secret,
      BPART_GOOGLE_ISSUER: this.google.address,
      BPART_MICROSOFT_CLIENT_ID: this.microsoft.client.id,
      BPART_MICROSOFT_CLIENT_SECRET: this.microsoft.client.secret,
      BPART_MICROSOFT_AUTHORITY: this.microsoft.address,
    };
  }

  /** Gives somebody an account at Google. */
  atGoogle(account: GoogleAccount): void {
    this.google.knows(googleAccount(account));
  }

  /** Gives somebody an account at Microsoft. */
  atMicrosoft(account: MicrosoftAccount): void {
    this.microsoft.knows(microsoftAccount(account));
  }

  forget(): void {
    this.google.forget();
    this.microsoft.forget();
  }

  async close(): Promise<void> {
    await this.google.close();
    await this.microsoft.close();
  }
}

export const test = anyTest.extend<{ providers: Providers; tenants: string }, { beside: Providers }>({
  /** Whose Microsoft accounts the operator lets in; nothing for every work or school tenant. */
  tenants: ['', { option: true }],

  beside: [
    async ({ model }, use) => {
      const providers = await Providers.beside(model);
      await use(providers);
      await providers.close();
    },
    { scope: 'worker' },
  ],

  /** Google and Microsoft, where nobody has an account yet but by typing an address. */
  providers: async ({ beside }, use) => {
    beside.forget();
    await use(beside);
  },

  server: async ({ model, providers, tenants }, use) => {
    const settings = tenants ? { ...providers.settings, BPART_MICROSOFT_TENANTS: tenants } : providers.settings;
    await onTestServer(model, use, settings);
  },
});

export { expect } from './fixtures';
