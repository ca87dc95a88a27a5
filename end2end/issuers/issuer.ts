// A provider of identities on the loopback, as strict as a real one: panva's oidc-provider, which is certified.
//
// It holds us to what Google and Microsoft hold us to: one registered redirect address letter for letter, PKCE with
// S256, a code that works once, a client that proves itself with its secret. What a person sees there are real pages,
// one to choose an account and one to accept permissions, so that a browser walks through them as it would.
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import Provider, {
  type AccountClaims,
  type Configuration,
  type InteractionResults,
  type KoaContextWithOIDC,
  interactionPolicy,
} from 'oidc-provider';

import { chooser, permissions, refusal } from './pages.ts';
import { shelves } from './storage.ts';

/** An answer that sends a person back without having signed her in. */
export interface Refusal {
  error: string;
  error_description?: string;
}

/** An account at a provider. */
export interface Identity {
  /** What the person types, and what tells her account from others on the page where she chooses. */
  address: string;
  /** What the provider says of her in an id token, `sub` included. */
  claims: AccountClaims;
  /** What she is sent back with instead of being signed in: her organisation's ICT stands in the way. */
  obstacle?: Refusal;
}

/** What makes one provider different from another. */
export interface Kind {
  /** What stands on its pages. */
  name: string;
  /** The path of its issuer. */
  path: string;
  routes: NonNullable<Configuration['routes']>;
  /** The claims that each permission brings. */
  claims: Record<string, string[]>;
  /** What it sends a person back with who refuses the permissions. */
  refused: Refusal;
  /** Who belongs to an address that nobody registered. */
  newcomer: (address: string) => Identity;
  /** Whether it says who it is when it sends a person back (RFC 9207). */
  namesItself: boolean;
  /** The id token's last change before it is signed. */
  token?: (claims: AccountClaims, origin: string) => AccountClaims;
  /** Documents that are answered as they are, by path. */
  documents?: (origin: string) => Record<string, unknown>;
}

/** Somebody to whom the issuer gives identities: the program under test. */
export interface Client {
  id: string;
  secret: string;
  callback: string;
}

type Interaction = InstanceType<Provider['Interaction']>;

/** A request and its answer. */
type Context = Parameters<Parameters<Provider['use']>[0]>[0];

/** In seconds: longer than a test. */
const HOUR = 3600;

const KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const KEY_ID = 'the-only-key';

export class Issuer {
  /** Every authorization request, as it came: oldest first. */
  readonly asked: URLSearchParams[] = [];
  /** Every exchange of a code that was granted. */
  readonly exchanged: { verifier: string }[] = [];

  /** Who has an address now. */
  private identities = new Map<string, Identity>();
  /** Who was here, by what never changes about her. */
  private seen = new Map<string, Identity>();
  /** Whose accounts the page shows to choose from. */
  private offered: string[] = [];
  private next: Refusal | undefined;

  private constructor(
    readonly origin: string,
    readonly client: Client,
    private readonly kind: Kind,
    private readonly server: Server,
  ) {}

  /** Opens its doors to one client. */
  static async open(kind: Kind, client: Client): Promise<Issuer> {
    // Its own address is part of its configuration, so the port comes first.
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const issuer = new Issuer(origin, client, kind, server);
    server.on('request', issuer.provider().callback());
    return issuer;
  }

  /** What stands on its pages. */
  get name(): string {
    return this.kind.name;
  }

  /** Where its metadata are found, and, but for Microsoft, what its tokens name. */
  get address(): string {
    return this.origin + this.kind.path;
  }

  /** Gives somebody an account here. Who had the address before has it no more. */
  knows(identity: Identity): void {
    this.seen.set(identity.claims.sub, identity);
    this.identities.set(identity.address.toLowerCase(), identity);
  }

  /** The same, and shows the account on the page where one is chosen. */
  offers(identity: Identity): void {
    this.knows(identity);
    this.offered.push(identity.address);
  }

  /** Answers the next authorization request at once, without a page. */
  refusesNext(refusal: Refusal): void {
    this.next = refusal;
  }

  /** Forgets everybody: for the next test. */
  forget(): void {
    this.identities.clear();
    this.seen.clear();
    this.offered = [];
    this.next = undefined;
    this.asked.length = 0;
    this.exchanged.length = 0;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private provider(): Provider {
    const policy = interactionPolicy.base();
    policy.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }), 0);
    const provider = new Provider(this.address, {
      adapter: shelves(),
      clients: [
        {
          client_id: this.client.id,
          client_secret: this.client.secret,
          redirect_uris: [this.client.callback],
          grant_types: ['authorization_code'],
          response_types: ['code'],
        },
      ],
      jwks: { keys: [{ ...KEY.export({ format: 'jwk' }), kid: KEY_ID, alg: 'RS256', use: 'sig' }] },
      // Cookies of all ports of a host are one: each issuer has names of its own.
      cookies: {
        keys: [randomBytes(16).toString('hex')],
        names: { session: `${this.kind.name}-session`, interaction: `${this.kind.name}-interaction`, resume: `${this.kind.name}-resume` },
      },
      claims: this.kind.claims,
      scopes: ['openid', 'email', 'profile'],
      conformIdTokenClaims: false,
      pkce: { required: () => true },
      features: { devInteractions: { enabled: false } },
      interactions: { policy, url: (_, { uid }) => `${this.origin}/interaction/${uid}` },
      routes: this.kind.routes,
      ttl: { AccessToken: HOUR, AuthorizationCode: HOUR, Grant: HOUR, IdToken: HOUR, Interaction: HOUR, Session: HOUR },
      renderError: (context, { error, error_description: why }) => {
        context.type = 'html';
        context.body = refusal(this.kind.name, error, why);
      },
      findAccount: (_, id) => {
        const identity = this.seen.get(id);
        return identity && { accountId: id, claims: () => identity.claims };
      },
    });
    provider.use(async (context, next) => {
      if (context.path.startsWith('/interaction/')) await this.interact(provider, context);
      else await this.answer(context, next);
    });
    return provider;
  }

  /** Who belongs to an address; whoever types one that is free gets an account with it. */
  private identity(address: string): Identity {
    const known = this.identities.get(address.toLowerCase());
    if (known) return known;
    const newcomer = this.kind.newcomer(address);
    this.knows(newcomer);
    return newcomer;
  }

  /** The accounts on the page, first the one that is signed in here already. */
  private choices(known: string | undefined): string[] {
    return [...new Set([...(known ? [known] : []), ...this.offered])];
  }

  private async answer(context: Context, next: () => Promise<void>): Promise<void> {
    const document = this.kind.documents?.(this.origin)[context.path];
    if (document) {
      context.body = document;
      return;
    }
    if (context.path === this.kind.routes.authorization && this.isRefused(context)) return;
    await next();
    if (!this.kind.namesItself) staysUnnamed(context);
    if (context.path === this.kind.routes.token && context.status === 200) this.afterExchange(context as Context & KoaContextWithOIDC);
  }

  /** Notes what is asked for, and refuses if that was wanted. */
  private isRefused(context: Context): boolean {
    const asked = new URLSearchParams(context.querystring);
    this.asked.push(asked);
    const refusal = this.next;
    this.next = undefined;
    if (!refusal) return false;
    const back = new URL(this.client.callback);
    const said = new URLSearchParams({ ...refusal, state: asked.get('state') ?? '' });
    if (this.kind.namesItself) said.set('iss', this.address);
    back.search = said.toString();
    context.redirect(back.href);
    return true;
  }

  private afterExchange(context: Context & KoaContextWithOIDC): void {
    this.exchanged.push({ verifier: String(context.oidc.params?.code_verifier ?? '') });
    const answer = context.body as { id_token: string };
    const { token } = this.kind;
    if (!token) return;
    const [, payload = ''] = answer.id_token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as AccountClaims;
    context.body = { ...answer, id_token: signed(token(claims, this.origin)) };
  }

  /** The pages that a person sees, and what she does there. */
  private async interact(provider: Provider, context: Context): Promise<void> {
    const interaction = await provider.interactionDetails(context.req, context.res);
    const isChoice = interaction.prompt.name !== 'consent';
    const known = this.seen.get(interaction.session?.accountId ?? '')?.address;
    if (context.req.method !== 'POST') {
      const scopes = String(interaction.params.scope).split(' ');
      context.type = 'html';
      context.body = isChoice ? chooser(this.kind.name, this.choices(known)) : permissions(this.kind.name, scopes, known ?? '');
      return;
    }
    const form = await formOf(context.req);
    const result = await this.resultOf(provider, interaction, form, isChoice);
    // The answer is written by the provider itself.
    context.respond = false;
    await provider.interactionFinished(context.req, context.res, result, { mergeWithLastSubmission: true });
  }

  private async resultOf(
    provider: Provider,
    interaction: Interaction,
    form: URLSearchParams,
    isChoice: boolean,
  ): Promise<InteractionResults> {
    if (form.get('does') === 'cancel') return { ...this.kind.refused };
    if (isChoice) {
      const { claims, obstacle } = this.identity((form.get('account') ?? '').trim());
      if (obstacle) return { ...obstacle };
      await forgetOthers(provider, interaction, claims.sub);
      const amr = Array.isArray(claims.amr) ? { amr: claims.amr as string[] } : {};
      return { login: { accountId: claims.sub, ...amr }, select_account: {} };
    }
    const { session, params, grantId } = interaction;
    const grant = grantId
      ? await provider.Grant.find(grantId)
      : new provider.Grant({ accountId: session?.accountId, clientId: String(params.client_id) });
    grant?.addOIDCScope(String(params.scope));
    return { consent: { grantId: await grant?.save() } };
  }
}

/** Whoever was signed in at the provider in this browser no longer is, when somebody else is chosen. */
async function forgetOthers(provider: Provider, interaction: Interaction, chosen: string): Promise<void> {
  const { session } = interaction;
  if (!session?.accountId || session.accountId === chosen) return;
  const stored = await provider.Session.findByUid(session.uid);
  if (stored) {
    stored.accountId = undefined;
    stored.authorizations = {};
    await stored.save(HOUR);
  }
  Object.assign(session, { accountId: undefined });
  await interaction.save(HOUR);
}

/** Sends a person back without saying who sends her. */
function staysUnnamed(context: Context): void {
  const location = context.response.get('location');
  if (!URL.canParse(location)) return;
  const back = new URL(location);
  back.searchParams.delete('iss');
  context.set('location', back.href);
}

/** Claims in a token that the issuer's key signs (RS256, RFC 7518). */
function signed(claims: AccountClaims): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const content = `${part({ alg: 'RS256', typ: 'JWT', kid: KEY_ID })}.${part(claims)}`;
  return `${content}.${sign('RSA-SHA256', Buffer.from(content), KEY).toString('base64url')}`;
}

/** A posted form. */
async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}
