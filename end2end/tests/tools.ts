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
