// The words of the interface, read from the same files that the program was built from.
//
// Tests use them to find their way. What a promise quotes is written out in the test instead: a promise is kept by what
// the person reads, not by two files agreeing with each other.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Language = 'en' | 'fr';

export const LANGUAGES: readonly Language[] = ['en', 'fr'];

/** The folder of the project. */
export const PROJECT = join(import.meta.dirname, '..', '..');

type Tree = { [key: string]: string | Tree };

const areas = new Map<string, Tree>();

function area(language: Language, name: string): Tree {
  const path = join(PROJECT, 'locales', language, `${name}.json`);
  const known = areas.get(path);
  if (known) return known;
  const read = JSON.parse(readFileSync(path, 'utf8')) as Tree;
  areas.set(path, read);
  return read;
}

/** A text by its key, such as `sign_in.submit`, with its places filled in. */
export function words(language: Language, key: string, places: Record<string, string> = {}): string {
  const [name, ...path] = key.split('.');
  let found: string | Tree | undefined = area(language, name ?? '');
  for (const part of path) found = typeof found === 'object' ? found[part] : undefined;
  if (typeof found !== 'string') throw new Error(`locales/${language} has no text ${key}`);
  return found.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, place: string) => places[place] ?? `{{ ${place} }}`);
}

/** The address of a page in a language: English has no prefix. */
export function href(language: Language, path: string): string {
  if (language === 'en') return path;
  return path === '/' ? '/fr' : `/fr${path}`;
}

/** The Markdown of a help article. */
export function articleSource(language: Language, slug: string): string {
  return readFileSync(join(PROJECT, 'locales', language, 'help', `${slug}.md`), 'utf8');
}
