// Somebody in front of a browser, who reads one language and does things step by step.
import {
  type BrowserContext,
  type Locator,
  type Page,
  type Request,
  type Response,
  expect,
} from '@playwright/test';

import type { Person } from './people';
import { Phone } from './phone';
import type { TestServer } from './test-server';
import { type Language, href, words } from './words';

export class Visitor {
  /** What must not happen in any browser: errors on the console, requests to strangers. */
  readonly faults: string[] = [];

  /** The answer that brought the page that is now shown. */
  private answer: Response | undefined;

  readonly context: BrowserContext;

  constructor(
    readonly page: Page,
    readonly server: TestServer,
    readonly language: Language,
    readonly hasScripts: boolean,
  ) {
    this.context = page.context();
    this.watch();
  }

  /** A text of the interface in her language. */
  words(key: string, places?: Record<string, string>): string {
    return words(this.language, key, places);
  }

  /** Opens a page in her language. */
  async visit(path: string): Promise<Response> {
    const response = await this.page.goto(this.server.origin + href(this.language, path));
    if (!response) throw new Error(`${path} gave no answer`);
    return response;
  }

  /** Waits until the islands of the page are awake. Without scripts there is nothing to wait for. */
  async islands(): Promise<void> {
    if (this.hasScripts) await expect(this.page.locator('body[data-hydrated]')).toBeAttached();
  }

  /** Expects to stand on a page of her language. */
  async standsOn(path: string): Promise<void> {
    await expect(this.page).toHaveURL(this.server.origin + href(this.language, path));
  }

  /** The page as the server sent it. */
  async source(): Promise<string> {
    if (!this.answer) throw new Error('no page was opened');
    return this.answer.text();
  }

  /** The answer that brought the page that is now shown. */
  get lastAnswer(): Response {
    if (!this.answer) throw new Error('no page was opened');
    return this.answer;
  }

  heading(name: string): Locator {
    return this.page.getByRole('heading', { level: 1, name, exact: true });
  }

  button(key: string, places?: Record<string, string>): Locator {
    return this.page.getByRole('button', { name: this.words(key, places), exact: true });
  }

  link(key: string, places?: Record<string, string>): Locator {
    return this.page.getByRole('link', { name: this.words(key, places), exact: true });
  }

  field(key: string): Locator {
    return this.page.getByLabel(this.words(key), { exact: true });
  }

  /** The summary of what went wrong, at the top of the page. */
  get problem(): Locator {
    return this.page.getByRole('alert');
  }

  /** Expects to be told of exactly this problem, with the focus there. */
  async isTold(key: string, places?: Record<string, string>): Promise<void> {
    await expect(this.problem.getByRole('listitem')).toHaveText(this.words(key, places));
    await expect(this.problem).toBeFocused();
  }

  /** Presses Tab until the focus is there. */
  async tabTo(target: Locator): Promise<void> {
    for (let presses = 0; presses < 60; presses += 1) {
      if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) return;
      await this.page.keyboard.press('Tab');
    }
    throw new Error('the keyboard does not get there');
  }

  // Signing in.

  /** Gives address and password on the sign-in page. */
  async givePassword(person: Pick<Person, 'email' | 'password'>): Promise<void> {
    await this.visit('/sign-in');
    await this.field('sign_in.email').fill(person.email);
    await this.field('sign_in.password').fill(person.password);
    await this.button('sign_in.submit').click();
  }

  /** Gives a code at the second step. */
  async giveCode(code: string): Promise<void> {
    await this.field('sign_in.code_label').fill(code);
    await this.button('sign_in.code_submit').click();
  }

  /** Signs in, with the telephone if one is needed, and stands in the back office. */
  async signIn(person: Person, phone?: Phone): Promise<void> {
    await this.givePassword(person);
    if (phone) {
      await this.standsOn('/sign-in/code');
      await this.giveCode(await phone.oldestCode());
    }
    await this.isIn(person);
  }

  /**
   * Stands in the back office without having typed anything: for tests of what comes after. It posts what the form would
   * post; that the form does so is for the tests of signing in to show.
   */
  async startSignedIn(person: Pick<Person, 'email' | 'name' | 'password'>): Promise<void> {
    const form = { email: person.email, password: person.password, locale: this.language };
    await this.context.request.post(`${this.server.origin}/api/sign_in`, { form, maxRedirects: 0 });
    await this.visit('/back-office');
    await this.isIn(person);
  }

  /** Expects to be signed in. */
  async isIn(person: Pick<Person, 'name'>): Promise<void> {
    await this.standsOn('/back-office');
    await expect(this.heading(this.words('account.home_title', { name: person.name }))).toBeVisible();
  }

  /** Expects that the back office is closed to her. */
  async isOut(): Promise<void> {
    await this.visit('/back-office');
    await this.standsOn('/sign-in');
  }

  /** Opens the menu under her own name, at the top right. */
  async openMenu(person: Person): Promise<Locator> {
    await this.page.getByRole('banner').getByRole('button', { name: person.name }).click();
    const menu = this.page.getByRole('navigation', { name: this.words('common.account_menu') });
    await expect(menu).toBeVisible();
    return menu;
  }

  async signOut(person: Person): Promise<void> {
    const menu = await this.openMenu(person);
    await menu.getByRole('button', { name: this.words('common.sign_out') }).click();
    await this.standsOn('/sign-in');
  }

  // Two-factor authentication.

  /** Goes from the settings to the screen with the QR code. */
  async beginTwoFactor(): Promise<void> {
    await this.visit('/settings');
    await this.button('two_factor.enable').click();
    await this.standsOn('/settings/two-factor');
    await expect(this.heading(this.words('two_factor.setup_title'))).toBeVisible();
  }

  /** Points her telephone's camera at the screen. A camera looks again: a page that comes in fades for a moment. */
  async scan(): Promise<ReturnType<typeof Phone.scan>> {
    await this.page.getByRole('img', { name: /QR/ }).scrollIntoViewIfNeeded();
    const read: ReturnType<typeof Phone.scan>[] = [];
    const look = async () => read.push(Phone.scan(await this.page.screenshot()));
    await expect(look).toPass({ timeout: 10_000 });
    const [seen] = read;
    if (!seen) throw new Error('a camera that read something has something to show');
    return seen;
  }

  /** Enters a code on the set-up screen. */
  async activate(code: string): Promise<void> {
    await this.field('sign_in.code_label').fill(code);
    await this.button('two_factor.activate').click();
  }

  /** Sets two-factor up from the settings to the end. */
  async enableTwoFactor(): Promise<{ phone: Phone; recoveryCodes: string[] }> {
    await this.beginTwoFactor();
    const { phone } = await this.scan();
    await this.activate(await phone.oldestCode());
    await expect(this.page.getByText(this.words('two_factor.done'))).toBeVisible();
    const recoveryCodes = await this.shownRecoveryCodes();
    await this.saveRecoveryCodes();
    return { phone, recoveryCodes };
  }

  /** Says that the recovery codes of the sheet are saved. */
  async saveRecoveryCodes(): Promise<void> {
    await this.button('two_factor.codes_kept').click();
    await expect(this.page.getByText(this.words('two_factor.codes_saved'))).toBeVisible();
  }

  /** The recovery codes on the sheet. */
  async shownRecoveryCodes(): Promise<string[]> {
    const title = this.page.getByRole('heading', { level: 2, name: this.words('two_factor.recovery_codes') });
    const sheet = this.page.locator('section', { has: title });
    await expect(sheet).toBeVisible();
    return sheet.getByRole('list').getByRole('listitem').allTextContents();
  }

  /** Switches two-factor off, showing with `proof` who she is. */
  async disableTwoFactor(proof: string): Promise<void> {
    const form = this.proofForm('two_factor.disable');
    await form.getByLabel(this.words('two_factor.proof_disable'), { exact: true }).fill(proof);
    await form.getByRole('button', { name: this.words('two_factor.disable') }).click();
  }

  /** The form whose button has these words. */
  proofForm(key: string): Locator {
    const button = this.page.getByRole('button', { name: this.words(key), exact: true });
    return this.page.locator('form', { has: button });
  }

  // The set-up link.

  /** Opens the set-up link that was mailed, in her own language. */
  async followInvitation(person: Pick<Person, 'email' | 'mails'>): Promise<string> {
    const subjects = { en: 'Your invitation to Bpart', fr: 'Votre invitation sur Bpart' };
    const letter = await this.openMail(person.email, subjects[person.mails]);
    const found = /http:\/\/\S+\/invitation\?token=\S+/.exec(await letter.innerText());
    const token = new URL(found?.[0] ?? '').searchParams.get('token') ?? '';
    await this.visit(`/invitation?token=${token}`);
    return token;
  }

  /** Chooses a password on the page of the set-up link. */
  async choosePassword(password: string): Promise<void> {
    await this.field('invitation.password').fill(password);
    await this.button('invitation.submit').click();
  }

  // The mailbox of the demo.

  /** Opens the newest mail to an address and gives back its letter. */
  async openMail(to: string, subject: string): Promise<Locator> {
    // Some are written a moment after the page that announces them.
    await expect(async () => {
      expect(await this.countMails(to, subject)).toBeGreaterThan(0);
    }).toPass();
    const row = this.page.getByRole('row').filter({ hasText: to });
    await row.getByRole('link', { name: subject, exact: true }).first().click();
    await expect(this.page.getByRole('main').getByRole('heading', { name: subject, exact: true })).toBeVisible();
    return this.page.getByRole('main');
  }

  /** Opens the newest mail to an address, when it has come, and gives back its link to such a page, without the origin. */
  async mailedLink(to: string, subject: string, page: string): Promise<string> {
    const letter = await this.openMail(to, subject);
    const found = new RegExp(`http:\\/\\/\\S+\\/${page}\\?token=\\S+`).exec(await letter.innerText());
    const url = new URL(found?.[0] ?? '');
    return url.pathname.replace(/^\/fr\//, '/') + url.search;
  }

  /** How many mails an address has received under a subject. */
  async countMails(to: string, subject: string): Promise<number> {
    await this.visit('/mailbox');
    const row = this.page.getByRole('row').filter({ hasText: to });
    return row.getByRole('link', { name: subject, exact: true }).count();
  }

  /** Whether a request may be made: to us, or by a person who goes to a provider. No page of ours may ask one itself. */
  private isExpected(request: Request): boolean {
    const { origin, protocol } = new URL(request.url());
    if (origin === this.server.origin || protocol === 'blob:' || protocol === 'data:') return true;
    if (request.isNavigationRequest()) return this.isAtProvider(request.url());
    return this.isAtProvider(request.frame().url());
  }

  private isAtProvider(address: string | undefined): boolean {
    return address !== undefined && this.server.providers.includes(new URL(address).origin);
  }

  private watch(): void {
    const documents = new Set<string>();
    this.page.on('response', (response) => {
      const request = response.request();
      if (request.resourceType() !== 'document') return;
      documents.add(response.url());
      if (response.status() < 300 || response.status() >= 400) this.answer = response;
    });
    this.page.on('request', (request) => {
      if (!this.isExpected(request)) this.faults.push(`a request to a stranger: ${request.url()}`);
    });
    this.page.on('console', (message) => {
      // What a provider's own pages have to complain about is its own affair.
      if (this.isAtProvider(message.page()?.url())) return;
      // A page that is answered with 404 or 410 is reported on the console too; that is no fault.
      const refused = message.text().startsWith('Failed to load resource') && documents.has(message.location().url);
      // Without scripts, what was fetched ahead for the islands is never used, and the browser says so.
      const spared = !this.hasScripts && message.text().includes('was preloaded using link preload but not used');
      if (['error', 'warning'].includes(message.type()) && !refused && !spared) {
        this.faults.push(`console, on ${this.page.url()}: ${message.text()}`);
      }
    });
    this.page.on('pageerror', (error) => {
      // A window that is taken away in the middle of its way to the next page: nobody sees it.
      if (error.message.startsWith('Transition was')) return;
      this.faults.push(`script, on ${this.page.url()}: ${error.message}`);
    });
  }
}
