// The person's telephone with an authenticator application on it.
import { setTimeout as sleep } from 'node:timers/promises';

import { now, readQrCodes, totp, totpCodes } from './tools';

/** A code is shown for this long (RFC 6238, and what every application does). */
const STEP = 30;

/** The time that a code of the step before certainly takes from here to the server, generously. */
const ON_THE_WAY = 10;

/** What an `otpauth:` address says. */
export interface Entry {
  type: string;
  label: string;
  parameters: URLSearchParams;
}

export class Phone {
  /** The last step whose code was given: the server takes later ones only. */
  private last = 0;

  constructor(readonly secret: string) {}

  /** Points the camera at a screen. */
  static scan(screen: Buffer): { phone: Phone; url: string; entry: Entry } {
    const [url, ...others] = readQrCodes(screen);
    if (!url || others.length > 0) throw new Error(`expected one QR code on the screen, saw ${others.length + 1}`);
    const entry = Phone.read(url);
    return { phone: new Phone(entry.parameters.get('secret') ?? ''), url, entry };
  }

  /** Reads the address in the way of the "Key URI format" that all applications follow. */
  static read(url: string): Entry {
    const parts = /^otpauth:\/\/([^/]+)\/([^?]+)\?(.+)$/.exec(url);
    if (!parts) throw new Error(`not an otpauth address: ${url}`);
    const [, type = '', label = '', query = ''] = parts;
    return { type, label: decodeURIComponent(label), parameters: new URLSearchParams(query) };
  }

  /** The code of the moment that lies so many seconds away from now. */
  codeFromNow(seconds: number): string {
    return totp(this.secret, now() + seconds);
  }

  /**
   * The oldest code that will still be accepted and was not given before. Taking the old ones first leaves the present
   * one for later in the test, so that nothing has to wait for the next step.
   */
  async oldestCode(): Promise<string> {
    const [step, secondsLeft] = present();
    return this.give(secondsLeft > ON_THE_WAY ? step - 1 : step);
  }

  /** The code that the application shows now; waits for the next one if this one was given before. */
  async code(): Promise<string> {
    const [step] = present();
    return this.give(step);
  }

  /** Six digits that are no code of this telephone's at any time around now. */
  wrongCode(): string {
    const right = new Set(totpCodes(this.secret, now() - 60 * STEP, 120));
    for (let digits = 123_456; ; digits += 1) {
      const code = String(digits);
      if (!right.has(code)) return code;
    }
  }

  private async give(wanted: number): Promise<string> {
    const step = Math.max(wanted, this.last + 1);
    const wait = step * STEP - now();
    if (wait > 0) await sleep(wait * 1000 + 50);
    this.last = step;
    return totp(this.secret, step * STEP);
  }
}

/** The present step, and the seconds that are left of it. */
function present(): [step: number, secondsLeft: number] {
  const time = now();
  return [Math.floor(time / STEP), STEP - (time % STEP)];
}
