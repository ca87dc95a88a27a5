// A provider that speaks as Google does: one issuer, `email_verified` as a boolean, `hd` for accounts of an organisation.
// https://developers.google.com/identity/openid-connect/openid-connect
import { createHash } from 'node:crypto';

import type { Identity, Kind } from './issuer.ts';

export interface GoogleAccount {
  email: string;
  /** What stays when an address goes from one person to the next. */
  sub?: string;
  /** Whether Google has checked the address. */
  isVerified?: boolean;
  /** The organisation's domain, for an account of Google Workspace; by default the address's, but for gmail.com. */
  domain?: string | null;
}

/** An account at Google. */
export function googleAccount({ email, sub, isVerified = true, domain }: GoogleAccount): Identity {
  const [, host = ''] = email.split('@');
  const hd = domain === undefined ? host : domain;
  return {
    address: email,
    claims: {
      sub: sub ?? digits(email),
      email,
      email_verified: isVerified,
      name: email,
      ...(hd && hd !== 'gmail.com' ? { hd } : {}),
    },
  };
}

export const GOOGLE: Kind = {
  name: 'Google',
  path: '',
  routes: { authorization: '/o/oauth2/v2/auth', token: '/token', jwks: '/oauth2/v3/certs' },
  claims: { openid: ['sub', 'hd'], email: ['email', 'email_verified'], profile: ['name'] },
  refused: { error: 'access_denied' },
  namesItself: true,
  newcomer: (email) => googleAccount({ email }),
};

/** Google's subjects are long numbers. */
function digits(email: string): string {
  return BigInt(`0x${createHash('sha256').update(email.toLowerCase()).digest('hex').slice(0, 16)}`).toString();
}
