// A test server: the real program with the people of the demo, in a folder and on a port of its own.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { PROJECT } from './words';

/** `cargo xtask test` names the program that it has built; by hand, this is where cargo puts it. */
const PROGRAM = process.env.BPART_BIN ?? join(PROJECT, 'target', 'debug', 'bpart');

/** A cost that is quick to compute: these tests are about ways, not about the price of a guess. */
const QUICK = 'm=1024,t=1,p=1';

/** The files of a test server. */
const DATABASE = 'bpart.db';
const KEY = 'secret.key';

/** A server that was filled once and never used: its folder is copied for each test server on the same address. */
export interface Model {
  readonly folder: string;
  readonly port: number;
}

export class TestServer {
  private log = '';
  private isClosing = false;

  private constructor(
    /** What its pages take for their own origin. */
    readonly origin: string,
    /** Where the program listens. */
    readonly address: string,
    private readonly folder: string,
    private readonly environment: NodeJS.ProcessEnv,
    private readonly child: ChildProcess,
  ) {}

  /** Fills a database and starts a server on it. `settings` are environment variables of the program. */
  static async open(settings: Record<string, string> = {}): Promise<TestServer> {
    return TestServer.start(await mkdtemp(join(tmpdir(), 'bpart-test-server-')), await freePort(), settings);
  }

  /** Fills a database to be copied, since that takes most of the time that a server needs to start. */
  static async model(): Promise<Model> {
    const folder = await mkdtemp(join(tmpdir(), 'bpart-model-'));
    const port = await freePort();
    const server = await TestServer.start(await mkdtemp(join(folder, 'copy-')), port);
    // When the program has ended, all of the database stands in its one file.
    await server.stop();
    for (const name of [DATABASE, KEY]) await copyFile(join(server.folder, name), join(folder, name));
    await rm(server.folder, { recursive: true });
    return { folder, port };
  }

  /** Starts a server on a copy of the model, at the model's address; so there is only one at a time. */
  static async like(model: Model, settings: Record<string, string> = {}): Promise<TestServer> {
    const folder = await mkdtemp(join(model.folder, 'copy-'));
    for (const name of [DATABASE, KEY]) await copyFile(join(model.folder, name), join(folder, name));
    return TestServer.start(folder, model.port, settings);
  }

  /** The origin of a server that is like the model. */
  static originLike(model: Model): string {
    return origin(model.port);
  }

  /** The providers that its people may be sent to. */
  get providers(): string[] {
    const { BPART_GOOGLE_ISSUER, BPART_MICROSOFT_AUTHORITY } = this.environment;
    return [BPART_GOOGLE_ISSUER, BPART_MICROSOFT_AUTHORITY].flatMap((address) => (address ? new URL(address).origin : []));
  }

  /** Takes the model down. */
  static async forget(model: Model): Promise<void> {
    await rm(model.folder, { recursive: true });
  }

  private static async start(folder: string, port: number, settings: Record<string, string> = {}): Promise<TestServer> {
    const address = origin(port);
    const environment = {
      PATH: process.env.PATH,
      BPART_LISTEN: `127.0.0.1:${port}`,
      BPART_PUBLIC_URL: address,
      BPART_DATABASE_URL: `sqlite:${join(folder, DATABASE)}`,
      BPART_SECRET_KEY_FILE: join(folder, KEY),
      BPART_ARGON2: QUICK,
      ...settings,
    } satisfies NodeJS.ProcessEnv;
    const child = spawn(PROGRAM, ['demo'], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    const server = new TestServer(environment.BPART_PUBLIC_URL, address, folder, environment, child);
    await server.isOpen();
    return server;
  }

  /** Runs the program beside the server, on the same database, and gives back what it printed. */
  async command(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(PROGRAM, args, { env: this.environment });
    return stdout.trim();
  }

  /** Opens an account as an operator does, and gives back its set-up link. */
  async openAccount(person: { email: string; name: string; language: string }): Promise<string> {
    const { email, name, language } = person;
    const args = ['--email', email, '--name', name, '--language', language, '--organisation', 'bellerive'];
    const printed = await this.command('account', 'create', ...args);
    return printed.split('\n').at(-1) ?? '';
  }

  /** What the server has logged so far. */
  get logged(): string {
    return this.log;
  }

  /** Stops the server and removes its folder. */
  async close(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true });
  }

  private async stop(): Promise<void> {
    this.isClosing = true;
    if (this.child.exitCode !== null) return;
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
  }

  private async isOpen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const hear = (words: Buffer): void => {
        this.log += words.toString();
        if (this.log.includes('The demo town is open at')) resolve();
      };
      this.child.stdout?.on('data', hear);
      this.child.stderr?.on('data', hear);
      this.child.once('error', (error) => reject(new Error(`${PROGRAM} cannot be run`, { cause: error })));
      this.child.once('exit', (code, signal) => {
        if (!this.isClosing) this.log += `\nThe server ended in the middle of a test: ${code ?? signal}\n`;
        reject(new Error(`the server did not open:\n${this.log}`));
      });
    });
  }
}

/** Ports that no outgoing connection takes by itself (Linux gives those from 32768 on), so a free one stays free. */
const PORTS = { first: 15_000, last: 32_000 };

function origin(port: number): string {
  return `http://localhost:${port}`;
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = PORTS.first + Math.floor(Math.random() * (PORTS.last - PORTS.first));
    const probe = createServer().listen(port, '127.0.0.1');
    const isFree = await once(probe, 'listening').then(() => true, () => false);
    if (!isFree) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
  throw new Error('no free port');
}
