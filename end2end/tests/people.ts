// The people of the demo. The sign-in page of the demo lists the same people.
import type { Language } from './words';

export interface Person {
  email: string;
  name: string;
  password: string;
  /** The language of her mails. */
  mails: Language;
  /** The key in her authenticator application, for whoever has two-factor on. */
  secret?: string;
}

export const ODILE: Person = {
  email: 'manager@bellerive.example',
  name: 'Odile Marchal',
  password: 'quiet harbour seven lanterns',
  mails: 'en',
};

export const HELENE: Person = {
  email: 'contenu@montclair.example',
  name: 'Hélène Dufour',
  password: 'trois moulins dans la brume',
  mails: 'fr',
};

export const TOMAS: Person & { secret: string } = {
  email: 'secure@bellerive.example',
  name: 'Tomas Verhaegen',
  password: 'copper bridge under the rain',
  mails: 'en',
  secret: 'MRSW23ZNONSWG4TFOQWW45LNMJSXELJR',
};

export const AMINA: Person = {
  email: 'agent@support.example',
  name: 'Amina Colson',
  password: 'patient answers every morning',
  mails: 'en',
};

export const LUCAS: Person = {
  email: 'locked@montclair.example',
  name: 'Lucas Renard',
  password: 'grey pigeons on the roof',
  mails: 'fr',
};

/** Has asked for her account to be deleted. */
export const ROSA: Person = {
  email: 'leaving@montclair.example',
  name: 'Rosa Lindqvist',
  password: 'the last tram leaves at noon',
  mails: 'en',
};

/** Invited, and still without a password: this is the one that she will choose. */
export const INGRID: Person = {
  email: 'invited@bellerive.example',
  name: 'Ingrid Peeters',
  password: 'seven herons cross the frozen canal',
  mails: 'en',
};

/** A citizen of Bellerive, who reads French. */
export const CLAIRE: Person = {
  email: 'claire@citizens.example',
  name: 'Claire Dumont',
  password: 'le marché du samedi matin',
  mails: 'fr',
};

/** A citizen of Bellerive, who has not confirmed his address. */
export const NOAH: Person = {
  email: 'newcomer@citizens.example',
  name: 'Noah Lefèvre',
  password: 'seventeen herons by the lock',
  mails: 'en',
};

/** The manager who reads a language. */
export function managerReading(language: Language): Person {
  return language === 'fr' ? HELENE : ODILE;
}
