// Somebody who signs in with a provider: on our pages before and after, and on the provider's own.
import { type Locator, expect } from '@playwright/test';

import type { Issuer } from '../issuers/issuer';
import { PROMISED } from './promised';
import type { Providers } from './providers';
import type { Visitor } from './visitor';

export class AtProvider {
  constructor(
    readonly visitor: Visitor,
    private readonly issuer: Issuer,
  ) {}

  /** Somebody who may go to Google. */
  static google(visitor: Visitor, providers: Providers): AtProvider {
    return new AtProvider(visitor, providers.google);
  }

  /** Somebody who may go to Microsoft. */
  static microsoft(visitor: Visitor, providers: Providers): AtProvider {
    return new AtProvider(visitor, providers.microsoft);
  }

  // On our pages.

  /** The way to the provider, on the sign-in page. */
  get button(): Locator {
    const { language, page } = this.visitor;
    const name = this.issuer.name === 'Google' ? PROMISED[language].google : PROMISED[language].microsoft;
    return page.getByRole('link', { name, exact: true });
  }

  /** Presses the provider's button on the sign-in page. */
  async setsOut(): Promise<void> {
    await this.visitor.visit('/sign-in');
    await this.button.click();
  }

  /** Signs in with an account: by the button, the account and the permissions. */
  async signsIn(address: string): Promise<void> {
    await this.setsOut();
    await this.enters(address);
  }

  /** Signs in with an account in a browser that knows nobody yet, and expects to be refused for this reason. */
  async isRefusedAs(address: string, why: string): Promise<void> {
    await this.visitor.context.clearCookies();
    await this.signsIn(address);
    await this.isRefused(why);
    await this.visitor.isOut();
  }

  /** Expects that the owner of a linked account is told that it is locked, and is not let in. */
  async isLocked(address: string): Promise<void> {
    const { visitor } = this;
    await visitor.context.clearCookies();
    await this.signsIn(address);
    await expect(visitor.problem).toContainText(visitor.words('errors.locked', { email: 'support@bpart.be' }));
    await visitor.standsOn('/sign-in');
    await visitor.isOut();
  }

  /** Expects to read why the provider did not open the door. */
  async isRefused(why: string): Promise<void> {
    const { visitor } = this;
    await visitor.standsOn('/sign-in/provider');
    await expect(visitor.heading(visitor.words(`providers.${why}_title`, { provider: this.issuer.name }))).toBeVisible();
  }

  // On the provider's pages.

  /** Types the address of an account. */
  async types(address: string): Promise<void> {
    await this.isAskedWhich();
    await this.visitor.page.getByLabel('Email or phone').fill(address);
    await this.presses('Next');
  }

  /** Takes the account that is signed in at the provider already. */
  async takes(address: string): Promise<void> {
    await this.isAskedWhich();
    await this.presses(address);
  }

  /** Types the address of an account and accepts the permissions. */
  async enters(address: string): Promise<void> {
    await this.types(address);
    await this.accepts();
  }

  /** What the provider says that she gives away. */
  async permissions(): Promise<string[]> {
    await this.standsBefore('permissions requested');
    return this.visitor.page.getByRole('listitem').allTextContents();
  }

  async accepts(): Promise<void> {
    await this.standsBefore('permissions requested');
    await this.presses('Accept');
  }

  async refuses(): Promise<void> {
    await this.standsBefore('permissions requested');
    await this.presses('Cancel');
  }

  /** Turns back before she has chosen an account. */
  async turnsBack(): Promise<void> {
    await this.isAskedWhich();
    await this.presses('Back');
  }

  private async isAskedWhich(): Promise<void> {
    await this.standsBefore('choose an account');
  }

  private async standsBefore(what: string): Promise<void> {
    await expect(this.visitor.page.getByRole('heading', { level: 1 })).toHaveText(`${this.issuer.name}: ${what}`);
    expect(new URL(this.visitor.page.url()).origin).toBe(this.issuer.origin);
  }

  private async presses(name: string): Promise<void> {
    await this.visitor.page.getByRole('button', { name, exact: true }).click();
  }
}

/** The ways back from providers on which a browser is sent, from here on. */
export function waysBackIn(visitor: Visitor): string[] {
  const ways: string[] = [];
  visitor.page.on('request', (request) => {
    if (/\/auth\/\w+\/callback\?/.test(request.url())) ways.push(request.url());
  });
  return ways;
}
