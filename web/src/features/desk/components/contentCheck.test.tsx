// What agents read of a message that was stopped, and the settings with a server of a few lines.
import { QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { App as AntdApp, ConfigProvider } from 'antd';
import i18next from 'i18next';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeQueryClient } from '@/app/queryClient';
import { fakeServer } from '@/house/fakeServer';
import { loadStrings, setLanguage, startI18n } from '@/i18n';
import type { Doubts } from '@/shared/api/client';
import { cleanPhrases, ContentCheckSettings } from './ContentCheckSettings';
import { doubtLines } from './doubts';

beforeAll(async () => {
  await startI18n('zh');
  await loadStrings('content_check');
});

const finding = (verdict: 'risky' | 'review' | 'inactive' | 'unanswered', reason: string, name = '', words: string[] = []) => ({ checker: name ? ('webhook' as const) : ('wechat' as const), name, verdict, reason, words });
const lines = (doubts: Partial<Doubts>) => doubtLines({ words: [], findings: [], mayConfirm: false, ...doubts }, i18next.t);

describe('a message that was stopped', () => {
  test.each([
    [{ words: ['加微信', '最低价'] }, '含有禁止发送的词：“加微信”、“最低价”'],
    [{ findings: [finding('risky', '20006', '', ['返现'])] }, '微信内容安全：疑似违法犯罪 “返现”'],
    [{ findings: [finding('risky', '99999')] }, '微信内容安全：认为有风险'],
    [{ findings: [finding('inactive', '')] }, '微信内容安全：客户两小时内没有打开小程序，无法检查'],
    [{ findings: [finding('review', '提到竞品', '风控')] }, '风控：提到竞品'],
    [{ findings: [finding('unanswered', 'timeout', '风控')] }, '风控：没有结果（超过 1 秒没有回答）'],
    [{ findings: [finding('unanswered', 'http_500', '风控')] }, '风控：没有结果（http_500）'],
  ])('%j', (doubts, text) => expect(lines(doubts)).toEqual([text]));

  test('says so in English, too', async () => {
    await setLanguage('en', false);
    expect(lines({ words: ['x'], findings: [finding('risky', '10001')] })).toEqual(['Holds blocked words: “x”', 'WeChat content security: looks like advertising']);
    await setLanguage('zh', false);
  });
});

test('phrases are trimmed, told apart and bounded', () => {
  expect(cleanPhrases([' 示例商城 ', '示例商城', '', '字'.repeat(101)])).toEqual(['示例商城', '字'.repeat(100)]);
});

test('settings are saved with the version that was read', async () => {
  const wechat = { enabled: false, action: 'block', unanswered: 'open', inactive: 'open' };
  const server = fakeServer({
    'GET /miniprograms/wx1/content-check': () => ({ body: { version: 3, words: 'block', wechat, leave_out: [], checkers: [] } }),
    'PUT /miniprograms/wx1/content-check': ({ body }) => ({ body }),
    'GET /session': () => ({ status: 401, body: {} }),
  });
  render(
    <ConfigProvider theme={{ token: { motion: false } }}>
      <AntdApp>
        <QueryClientProvider client={makeQueryClient()}>
          <ContentCheckSettings appid="wx1" mayChange />
        </QueryClientProvider>
      </AntdApp>
    </ConfigProvider>,
  );
  fireEvent.click(await screen.findByRole('switch'));
  const [warnOfWords] = await screen.findAllByRole('radio', { name: '提醒客服，确认后可发送' });
  fireEvent.click(warnOfWords!);
  fireEvent.click(screen.getByRole('button', { name: '保 存' }));
  await waitFor(() => expect(server.of('PUT /miniprograms/wx1/content-check')).toHaveLength(1));
  expect(server.of('PUT /miniprograms/wx1/content-check')[0]!.body).toEqual({ version: 3, words: 'warn', wechat: { ...wechat, enabled: true }, leave_out: [] });
});
