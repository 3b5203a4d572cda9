// Chinese first, English second. A language is loaded when it is chosen; every string is typed after the Chinese.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { addForms } from './forms';
import type { FirstStrings, Strings } from './zh';

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

const load: Record<Language, () => Promise<{ default: FirstStrings }>> = {
  zh: () => import('./zh'),
  en: () => import('./en'),
};

// Strings of pages that few see first: they are loaded with their page (app/router.tsx), so that login and workbench do
// not carry them.
const parts = {
  telemetry: { zh: () => import('./zh/telemetry'), en: () => import('./en/telemetry') },
  alerts: { zh: () => import('./zh/alerts'), en: () => import('./en/alerts') },
  automation: { zh: () => import('./zh/automation'), en: () => import('./en/automation') },
  charts: { zh: () => import('./zh/charts'), en: () => import('./en/charts') },
  queue: { zh: () => import('./zh/queue'), en: () => import('./en/queue') },
  content_check: { zh: () => import('./zh/content_check'), en: () => import('./en/content_check') },
  issues: { zh: () => import('./zh/issues'), en: () => import('./en/issues') },
  logs: { zh: () => import('./zh/logs'), en: () => import('./en/logs') },
  official: { zh: () => import('./zh/official'), en: () => import('./en/official') },
  people: { zh: () => import('./zh/people'), en: () => import('./en/people') },
  performance: { zh: () => import('./zh/performance'), en: () => import('./en/performance') },
  quick_replies: { zh: () => import('./zh/quick_replies'), en: () => import('./en/quick_replies') },
  records: { zh: () => import('./zh/records'), en: () => import('./en/records') },
  reports: { zh: () => import('./zh/reports'), en: () => import('./en/reports') },
  satisfaction: { zh: () => import('./zh/satisfaction'), en: () => import('./en/satisfaction') },
  sealing: { zh: () => import('./zh/sealing'), en: () => import('./en/sealing') },
  service_levels: { zh: () => import('./zh/service_levels'), en: () => import('./en/service_levels') },
  supervise: { zh: () => import('./zh/supervise'), en: () => import('./en/supervise') },
  teams: { zh: () => import('./zh/teams'), en: () => import('./en/teams') },
  workbench: { zh: () => import('./zh/workbench'), en: () => import('./en/workbench') },
  wrapup: { zh: () => import('./zh/wrapup'), en: () => import('./en/wrapup') },
  webhooks: { zh: () => import('./zh/webhooks'), en: () => import('./en/webhooks') },
};
export type Part = keyof typeof parts;
const wanted = new Set<Part>();
let begin = () => {};
const begun = new Promise<void>((resolve) => (begin = resolve));

async function addPart(part: Part, language: Language) {
  const strings = await parts[part][language]();
  i18next.addResourceBundle(language, 'console', { ...strings }, true, true);
}

// The router may ask before the language is known.
export async function loadStrings(part: Part) {
  await begun;
  wanted.add(part);
  const language = currentLanguage();
  await addPart(part, language);
  if (language !== currentLanguage()) await addPart(part, currentLanguage());
}

const storageKey = 'miniops.language';

function preferred(): Language {
  const stored = localStorage.getItem(storageKey);
  if (stored === 'zh' || stored === 'en') return stored;
  return navigator.language.toLowerCase().startsWith('zh') || !navigator.language ? 'zh' : 'en';
}

export async function setLanguage(language: Language, remember = true) {
  const strings = await load[language]();
  i18next.addResourceBundle(language, 'console', strings.default, true, true);
  await Promise.all([...wanted].map((part) => addPart(part, language)));
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
  if (i18next.services.formatter) addForms(i18next.services.formatter);
  await setLanguage(language, false);
  begin();
}
