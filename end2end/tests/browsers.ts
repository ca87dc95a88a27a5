// Browsers that are handed on from one visitor to the next.
//
// To open a window costs more than most of what is then done in it. So a worker keeps its windows, and each visitor gets
// one without a cookie. A window in which a test changed something that would stay is not handed on.
import type { Browser, BrowserContext, BrowserContextOptions, Page } from '@playwright/test';

/** What tests listen to. */
const EVENTS = ['console', 'dialog', 'download', 'pageerror', 'popup', 'request', 'requestfailed', 'response'] as const;

/** What changes a window for good. */
const LASTING = ['addInitScript', 'emulateMedia', 'exposeBinding', 'exposeFunction', 'route', 'setViewportSize'] as const;
const LASTING_IN_CONTEXT = ['addInitScript', 'grantPermissions', 'newPage', 'route', 'setOffline'] as const;

interface Window {
  readonly context: BrowserContext;
  readonly page: Page;
  isChanged: boolean;
}

export class Browsers {
  /** Windows that nobody uses at present, by their locale. */
  private readonly free = new Map<string, Window[]>();
  private readonly used = new Map<BrowserContext, { window: Window; locale: string }>();

  constructor(private readonly browser: Browser) {}

  /** A window without a cookie, for somebody who wants nothing but a locale. */
  async take(locale: string): Promise<Page> {
    const window = this.free.get(locale)?.pop() ?? (await this.open(locale));
    this.used.set(window.context, { window, locale });
    return window.page;
  }

  /** A window of one's own, which is never handed on. */
  async takeNew(options: BrowserContextOptions): Promise<Page> {
    return (await this.browser.newContext(options)).newPage();
  }

  /** Takes a window back, and leaves it at `rest`: on a page where nothing goes on any more. */
  async giveBack(page: Page, rest: string): Promise<void> {
    const context = page.context();
    const taken = this.used.get(context);
    this.used.delete(context);
    if (!taken || taken.window.isChanged || context.pages().length !== 1) return context.close();
    // Whatever the last page still has to complain about is heard before nobody listens any more.
    const rests = await page.goto(rest).then(() => true, () => false);
    if (!rests) return context.close();
    for (const event of EVENTS) page.removeAllListeners(event);
    await context.clearCookies();
    const free = this.free.get(taken.locale) ?? [];
    this.free.set(taken.locale, [...free, taken.window]);
  }

  async close(): Promise<void> {
    for (const { context } of [...this.free.values()].flat()) await context.close();
  }

  private async open(locale: string): Promise<Window> {
    const context = await this.browser.newContext({ locale });
    const window: Window = { context, page: await context.newPage(), isChanged: false };
    const changes = (): void => {
      window.isChanged = true;
    };
    for (const name of LASTING) note(window.page, name, changes);
    for (const name of LASTING_IN_CONTEXT) note(context, name, changes);
    return window;
  }
}

/** Calls `then` before a method of this one object does what it always does. */
function note<T extends object>(object: T, name: keyof T & string, then: () => void): void {
  const method = object[name] as (...given: unknown[]) => unknown;
  Object.defineProperty(object, name, {
    value: (...given: unknown[]) => {
      then();
      return method.apply(object, given);
    },
  });
}
