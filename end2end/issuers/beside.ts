// Google and Microsoft beside one program, which is registered with both.
import { GOOGLE } from './google.ts';
import { type Client, Issuer } from './issuer.ts';
import { MICROSOFT } from './microsoft.ts';

/** The two issuers of one program. */
export interface Both {
  readonly google: Issuer;
  readonly microsoft: Issuer;
}

/** Opens both issuers. They know the program at one origin and let no other have their codes. */
export async function openBoth(origin: string): Promise<Both> {
  const client = (provider: string): Client => ({
    id: `bpart-at-${provider}`,
    secret: `what bpart shows to ${provider}`,
    callback: `${origin}/auth/${provider}/callback`,
  });
  return {
    google: await Issuer.open(GOOGLE, client('google')),
    microsoft: await Issuer.open(MICROSOFT, client('microsoft')),
  };
}

/** The environment variables of a program that is registered with both. */
export function settingsFor({ google, microsoft }: Both): Record<string, string> {
  return {
    BPART_GOOGLE_CLIENT_ID: google.client.id,
    BPART_GOOGLE_CLIENT_SECRET: google.client.secret,
    BPART_GOOGLE_ISSUER: google.address,
    BPART_MICROSOFT_CLIENT_ID: microsoft.client.id,
    BPART_MICROSOFT_CLIENT_SECRET: microsoft.client.secret,
    BPART_MICROSOFT_AUTHORITY: microsoft.address,
  };
}
