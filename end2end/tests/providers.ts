// A server whose operator has registered it with Google and Microsoft, and the two providers beside it.
import { onTestServer, test as anyTest } from './fixtures';
import { openBoth, settingsFor } from '../issuers/beside';
import { type GoogleAccount, googleAccount } from '../issuers/google';
import type { Issuer } from '../issuers/issuer';
import { type MicrosoftAccount, microsoftAccount } from '../issuers/microsoft';
import { type Model, TestServer } from './test-server';

/** Both providers, which know the server at one address and let no other have their codes. */
export class Providers {
  private constructor(
    readonly google: Issuer,
    readonly microsoft: Issuer,
  ) {}

  static async beside(model: Model): Promise<Providers> {
    const { google, microsoft } = await openBoth(TestServer.originLike(model));
    return new Providers(google, microsoft);
  }

  /** The environment variables of a program that is registered with both. */
  get settings(): Record<string, string> {
    return settingsFor(this);
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
