// What the articles promise in so many words, and how a test names the promises that it proves.
import type { Language } from './words';

/** Labels and sentences of two-factor authentication and of the ways in, letter for letter. */
export const PROMISED = {
  en: {
    enable: 'Enable Two-Factor Authentication',
    profile: 'My profile',
    settings: 'Settings',
    done: 'Done. 2FA is now active',
    sixDigits: '6-digit code',
    google: 'Sign in with Google',
    microsoft: 'Sign in with Microsoft',
    linkMicrosoft: 'Link to Microsoft',
  },
  fr: {
    enable: 'Activer l’authentification à deux facteurs',
    profile: 'Mon profil',
    settings: 'Paramètres',
    done: 'C’est fait\u202f! 2FA est maintenant actif',
    sixDigits: 'Code à 6 chiffres',
    google: 'Se connecter avec Google',
    microsoft: 'Se connecter avec Microsoft',
    linkMicrosoft: 'Associer à Microsoft',
  },
} satisfies Record<Language, Record<string, string>>;

/** The ids of one promise in both articles: C in English, D in French. */
export function ids(language: Language, en: string[], fr: string[]): string {
  return (language === 'en' ? en : fr).map((id) => `[${id}]`).join(' ');
}
