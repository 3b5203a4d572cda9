// Chinese first, English second. A language is loaded when it is chosen; every string is typed after the Chinese.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Strings } from './zh';

export type Language = 'zh' | 'en';
export const languages: { key: Language; name: string }[] = [
  { key: 'zh', name: '中文' },
  { key: 'en', name: 'English' },
];

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'console';
    resources: { console: Strings };
  }
}

const load: Record<Language, () => Promise<{ default: Strings }>> = {
  zh: () => import('./zh'),
  en: () => import('./en'),
};

const storageKey = 'miniops.language';

function preferred(): Language {
  const stored = localStorage.getItem(storageKey);
  if (stored === 'zh' || stored === 'en') return stored;
  return navigator.language.toLowerCase().startsWith('zh') || !navigator.language ? 'zh' : 'en';
}

export async function setLanguage(language: Language, remember = true) {
  const strings = await load[language]();
  i18next.addResourceBundle(language, 'console', strings.default, true, true);
  if (remember) localStorage.setItem(storageKey, language);
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  await i18next.changeLanguage(language);
}

export const currentLanguage = (): Language => (i18next.language === 'en' ? 'en' : 'zh');

export async function startI18n(language: Language = preferred()) {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    ns: ['console'],
    defaultNS: 'console',
    resources: {},
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  await setLanguage(language, false);
}
