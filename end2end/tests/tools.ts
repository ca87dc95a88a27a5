// Tools that share no code with the program: oathtool makes codes, zbarimg reads QR codes.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

function run(program: string, args: string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw missing ? new Error(`${program} is missing: install Debian's packages oathtool and zbar-tools`) : error;
  }
}

/** The six digits that an application holding `secret` shows at a moment, by oathtool. */
export function totp(secret: string, epochSeconds: number): string {
  return run('oathtool', ['--totp', '-b', secret, '--now', `@${Math.floor(epochSeconds)}`]);
}

/** The codes of as many steps of 30 seconds, from a moment on. */
export function totpCodes(secret: string, epochSeconds: number, steps: number): string[] {
  const from = `@${Math.floor(epochSeconds)}`;
  return run('oathtool', ['--totp', '-b', secret, '--now', from, '--window', String(steps - 1)]).split('\n');
}

/** What a camera reads in a picture, by zbarimg. */
export function readQrCodes(png: Buffer): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'bpart-qr-'));
  try {
    const file = join(folder, 'screen.png');
    writeFileSync(file, png);
    return run('zbarimg', ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', file]).split('\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The present moment, in seconds. */
export function now(): number {
  return Date.now() / 1000;
}

/** Somebody without a browser: plain HTTP requests that keep cookies and follow nothing. */
export class PlainClient {
  readonly cookies = new Map<string, string>();

  constructor(readonly origin: string) {}

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.send(path, { headers });
  }

  /** Posts a form. */
  post(path: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
    return this.send(path, { method: 'POST', headers, body: new URLSearchParams(form) });
  }

  /** Somebody else who holds the same cookies. */
  twin(): PlainClient {
    const twin = new PlainClient(this.origin);
    for (const [name, value] of this.cookies) twin.cookies.set(name, value);
    return twin;
  }

  private async send(path: string, request: RequestInit & { headers: Record<string, string> }): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = cookie ? { ...request.headers, cookie } : request.headers;
    const response = await fetch(this.origin + path, { ...request, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/max-age=0/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }
}
