// A provider that speaks as Microsoft Entra ID does. Its metadata name no issuer but the letters `{tenantid}`; each token
// names the tenant of its person, and what never changes about her is `oid` together with `tid`.
// https://learn.microsoft.com/en-us/entra/identity-platform/id-token-claims-reference
import { createHash } from 'node:crypto';

import type { Identity, Kind, Refusal } from './issuer.ts';

/** The tenant of all personal accounts. */
export const PERSONAL = '9188040d-6c67-4c5b-b112-36a304b66dad';

export interface MicrosoftAccount {
  address: string;
  /** The organisation; by default one for each domain. */
  tenant?: string;
  /** The person's identifier there. */
  object?: string;
  /** How she showed there who she is. */
  amr?: string[];
  /** What her organisation's ICT has put in the way. */
  obstacle?: Refusal;
}

/** An account at Microsoft. */
export function microsoftAccount({ address, tenant, object, amr, obstacle }: MicrosoftAccount): Identity {
  const [, host = ''] = address.split('@');
  const tid = tenant ?? uuid(host);
  const oid = object ?? uuid(address);
  return {
    address,
    claims: {
      sub: createHash('sha256').update(`${tid} ${oid}`).digest('base64url'),
      tid,
      oid,
      ver: '2.0',
      email: address,
      preferred_username: address,
      name: address,
      ...(amr ? { amr } : {}),
    },
    ...(obstacle ? { obstacle } : {}),
  };
}

/** What Entra answers, with the first words of its texts. */
export const AADSTS = {
  declined: {
    error: 'access_denied',
    error_description: 'AADSTS65004: User declined to consent to access the app.',
  },
  consentNeeded: {
    error: 'consent_required',
    error_description: 'AADSTS65001: The user or administrator has not consented to use the application.',
  },
  administratorMustApprove: {
    error: 'access_denied',
    error_description: 'AADSTS90094: An administrator of the organisation has set a policy that prevents you from granting the permissions.',
  },
  applicationBlocked: {
    error: 'unauthorized_client',
    error_description: 'AADSTS7000112: Application is disabled.',
  },
  notAssigned: {
    error: 'access_denied',
    error_description: 'AADSTS50105: The administrator has configured the application to block users unless they are specifically granted access.',
  },
  conditionalAccess: {
    error: 'access_denied',
    error_description: 'AADSTS53003: Access has been blocked by Conditional Access policies.',
  },
} as const satisfies Record<string, Refusal>;

const METADATA = '/common/v2.0/.well-known/openid-configuration';

export const MICROSOFT: Kind = {
  name: 'Microsoft',
  path: '/common/v2.0',
  routes: {
    authorization: '/common/oauth2/v2.0/authorize',
    token: '/common/oauth2/v2.0/token',
    jwks: '/common/discovery/v2.0/keys',
  },
  claims: {
    openid: ['sub', 'tid', 'oid', 'ver', 'amr'],
    email: ['email'],
    profile: ['name', 'preferred_username'],
  },
  refused: AADSTS.declined,
  namesItself: false,
  newcomer: (address) => microsoftAccount({ address }),
  token: (claims, origin) => ({ ...claims, iss: `${origin}/${String(claims.tid)}/v2.0` }),
  documents: (origin) => ({
    [METADATA]: {
      issuer: `${origin}/{tenantid}/v2.0`,
      authorization_endpoint: `${origin}/common/oauth2/v2.0/authorize`,
      token_endpoint: `${origin}/common/oauth2/v2.0/token`,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
      jwks_uri: `${origin}/common/discovery/v2.0/keys`,
      response_modes_supported: ['query', 'fragment', 'form_post'],
      response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
      claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'nonce', 'preferred_username', 'name', 'tid', 'ver', 'email'],
    },
  }),
};

/** An identifier that is always the same for the same text. */
function uuid(text: string): string {
  const hex = createHash('sha256').update(text.toLowerCase()).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}
