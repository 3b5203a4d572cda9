// Rules of the house that a compiler does not check.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import firstEn from '../i18n/en';
import * as alertsEn from '../i18n/en/alerts';
import * as automationEn from '../i18n/en/automation';
import * as chartsEn from '../i18n/en/charts';
import * as contentCheckEn from '../i18n/en/content_check';
import * as issuesEn from '../i18n/en/issues';
import * as logsEn from '../i18n/en/logs';
import * as officialEn from '../i18n/en/official';
import * as peopleEn from '../i18n/en/people';
import * as performanceEn from '../i18n/en/performance';
import * as queueEn from '../i18n/en/queue';
import * as quickRepliesEn from '../i18n/en/quick_replies';
import * as recordsEn from '../i18n/en/records';
import * as reportsEn from '../i18n/en/reports';
import * as satisfactionEn from '../i18n/en/satisfaction';
import * as serviceLevelsEn from '../i18n/en/service_levels';
import * as superviseEn from '../i18n/en/supervise';
import * as teamsEn from '../i18n/en/teams';
import * as telemetryEn from '../i18n/en/telemetry';
import * as webhooksEn from '../i18n/en/webhooks';
import * as sealingEn from '../i18n/en/sealing';
import * as workbenchEn from '../i18n/en/workbench';
import * as wrapupEn from '../i18n/en/wrapup';
import firstZh from '../i18n/zh';
import * as alertsZh from '../i18n/zh/alerts';
import * as automationZh from '../i18n/zh/automation';
import * as chartsZh from '../i18n/zh/charts';
import * as contentCheckZh from '../i18n/zh/content_check';
import * as issuesZh from '../i18n/zh/issues';
import * as logsZh from '../i18n/zh/logs';
import * as officialZh from '../i18n/zh/official';
import * as peopleZh from '../i18n/zh/people';
import * as performanceZh from '../i18n/zh/performance';
import * as queueZh from '../i18n/zh/queue';
import * as quickRepliesZh from '../i18n/zh/quick_replies';
import * as recordsZh from '../i18n/zh/records';
import * as reportsZh from '../i18n/zh/reports';
import * as satisfactionZh from '../i18n/zh/satisfaction';
import * as serviceLevelsZh from '../i18n/zh/service_levels';
import * as superviseZh from '../i18n/zh/supervise';
import * as teamsZh from '../i18n/zh/teams';
import * as telemetryZh from '../i18n/zh/telemetry';
import * as webhooksZh from '../i18n/zh/webhooks';
import * as sealingZh from '../i18n/zh/sealing';
import * as workbenchZh from '../i18n/zh/workbench';
import * as wrapupZh from '../i18n/zh/wrapup';

// What is loaded first, and what is loaded with its page.
const zh = { ...firstZh, ...alertsZh, ...automationZh, ...chartsZh, ...contentCheckZh, ...issuesZh, ...logsZh, ...officialZh, ...peopleZh, ...performanceZh, ...queueZh, ...quickRepliesZh, ...recordsZh, ...reportsZh, ...satisfactionZh, ...serviceLevelsZh, ...superviseZh, ...teamsZh, ...telemetryZh, ...webhooksZh, ...sealingZh, ...workbenchZh, ...wrapupZh };
const en = { ...firstEn, ...alertsEn, ...automationEn, ...chartsEn, ...contentCheckEn, ...issuesEn, ...logsEn, ...officialEn, ...peopleEn, ...performanceEn, ...queueEn, ...quickRepliesEn, ...recordsEn, ...reportsEn, ...satisfactionEn, ...serviceLevelsEn, ...superviseEn, ...teamsEn, ...telemetryEn, ...webhooksEn, ...sealingEn, ...workbenchEn, ...wrapupEn };

const source = join(import.meta.dirname, '..');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(ts|tsx)$/.test(name) && !name.endsWith('.d.ts'))
  .map((name) => ({ name, text: readFileSync(join(source, name), 'utf8') }));

function keysOf(tree: object, prefix = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) => (typeof value === 'string' ? [prefix + key] : keysOf(value as object, `${prefix}${key}.`)));
}
const valueAt = (tree: object, key: string) => key.split('.').reduce<unknown>((part, name) => (part as Record<string, unknown>)?.[name], tree);

describe('strings', () => {
  const chinese = keysOf(zh);
  test('every key is there in both languages', () => {
    expect(keysOf(en).sort()).toEqual(chinese.sort());
  });

  test('none is empty, and both name the same values', () => {
    const values = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map((match) => match[1]).sort();
    for (const key of chinese) {
      const [a, b] = [valueAt(zh, key) as string, valueAt(en, key) as string];
      expect(a, key).not.toBe('');
      expect(b, key).not.toBe('');
      expect(values(b), key).toEqual(values(a));
    }
  });

  test('English is not Chinese', () => {
    const names = /^(common\.language|gateway\.wizard\.(where|secret_hint|push_url))$/; // these quote WeChat's own console
    for (const key of chinese) if (!names.test(key)) expect(valueAt(en, key), key).not.toMatch(/[\u4e00-\u9fff]/);
  });

  test('every key that the code asks for exists', () => {
    const missing: string[] = [];
    for (const { name, text } of files) {
      for (const [, key] of text.matchAll(/\bt\(\s*'([\w.]+)'/g)) if (typeof valueAt(zh, key!) !== 'string') missing.push(`${name}: ${key}`);
      // A key with a variable end: its group is there.
      for (const [, group] of text.matchAll(/\bt\(\s*`([\w.]+)\.\$\{/g)) if (typeof valueAt(zh, group!) !== 'object') missing.push(`${name}: ${group}.*`);
    }
    expect(missing).toEqual([]);
  });

  test('no Chinese text stands outside of the resource files', () => {
    const found = files
      .filter(({ name }) => !name.startsWith('i18n') && !name.startsWith('house') && !name.includes('.test.'))
      .filter(({ text }) => /['"`>][^'"`<\n]*[\u4e00-\u9fff]/.test(text.replace(/\/\/.*$/gm, '').replace(/^ *\*.*$/gm, '')))
      .map(({ name }) => name);
    expect(found).toEqual([]);
  });
});

describe('imports', () => {
  const imports = (text: string) => [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]!);
  const target = (name: string, path: string) => (path.startsWith('@/') ? path.slice(2) : path.startsWith('.') ? relative(source, join(source, name, '..', path)) : '');

  test('a feature does not import another', () => {
    const wrong: string[] = [];
    for (const { name, text } of files) {
      if (name.includes('.test.')) continue;
      const feature = name.match(/^features\/([^/]+)\//)?.[1];
      if (!feature) continue;
      for (const path of imports(text)) {
        const other = target(name, path).match(/^features\/([^/]+)/)?.[1];
        if (other && other !== feature) wrong.push(`${name} → ${path}`);
        if (target(name, path).startsWith('app/')) wrong.push(`${name} → ${path}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('what is shared imports no feature', () => {
    const wrong = files.filter(({ name }) => name.startsWith('shared/')).flatMap(({ name, text }) => imports(text).filter((path) => /^(features|app)\//.test(target(name, path))).map((path) => `${name} → ${path}`));
    expect(wrong).toEqual([]);
  });

  test('the page for signing in stays light', () => {
    for (const name of ['main.tsx', 'app/router.tsx', 'app/queryClient.ts', 'features/identity/pages/LoginPage.tsx', 'features/identity/api/session.ts']) {
      expect(imports(files.find((file) => file.name === name)!.text), name).not.toContain('antd');
    }
  });

  test('no file is longer than 500 lines', () => {
    expect(files.filter(({ text }) => text.split('\n').length > 500).map(({ name }) => name)).toEqual([]);
  });
});
