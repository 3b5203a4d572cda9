// JS 错误: as WeChat counted them, each with its stack and some of its events.
import { Button, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { countText } from '@/shared/charts/numbers';
import { Empty, Loaded, Panel, Wide } from '@/shared/ui/page';
import { Exact } from '@/shared/ui/time';
import { useJsErrorEvents, useJsErrors, type JsError, type Span } from '../api/official';
import { From, Trouble } from './marks';

const firstLine = (text: string) => text.replace(/^MiniProgramError\s*/, '').split('\n')[0];

export function Errors({ appid, span }: { appid: string; span: Span }) {
  const { t } = useTranslation();
  const errors = useJsErrors(appid, span);
  const items = errors.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel>
      <Trouble appid={appid} source="js_errors" />
      <p className="muted panel-note">
        {t('official.errors.hint')} <Link to={`/m/${appid}/issues`}>{t('official.errors.ours')}</Link>
      </p>
      <Loaded query={errors} rows={8}>
        {() =>
          items.length === 0 ? (
            <Empty title={t('official.errors.none')} text={t('official.none_hint')} />
          ) : (
            <>
              <Table<JsError>
                rowKey="id"
                size="small"
                pagination={false}
                scroll={{ x: 'max-content' }}
                dataSource={items}
                expandable={{ columnTitle: <span className="sr-only">{t('common.details')}</span>, expandedRowRender: (one) => <Detail appid={appid} error={one} /> }}
                columns={[
                  { title: t('official.errors.message'), render: (_, one) => <span className="official-message">{firstLine(one.message)}</span> },
                  { title: t('official.errors.events'), align: 'right', render: (_, one) => <span className="num">{countText(one.events)}</span> },
                  { title: t('official.errors.users'), align: 'right', render: (_, one) => <span className="num">{countText(one.users)}</span> },
                  { title: t('official.errors.last_day'), dataIndex: 'last_day' },
                  { title: t('official.source'), render: (_, one) => <From source={one.source} /> },
                ]}
              />
              {errors.hasNextPage && (
                <Button loading={errors.isFetchingNextPage} onClick={() => void errors.fetchNextPage()}>
                  {t('common.load_more')}
                </Button>
              )}
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}

function Detail({ appid, error }: { appid: string; error: JsError }) {
  const { t } = useTranslation();
  const events = useJsErrorEvents(appid, error.id);
  return (
    <>
      <Wide label={t('official.errors.stack')}>
        <pre className="official-stack">{error.stack}</pre>
      </Wide>
      <Loaded query={events} rows={3}>
        {(items) =>
          items.length === 0 ? (
            <p className="muted">{t('official.errors.no_events')}</p>
          ) : (
            <Table
              rowKey="id"
              size="small"
              pagination={false}
              scroll={{ x: 'max-content' }}
              dataSource={items}
              columns={[
                { title: t('official.at'), render: (_, one) => <Exact at={one.at} /> },
                { title: t('official.errors.release'), dataIndex: 'release' },
                { title: t('official.errors.device'), render: (_, one) => [one.device, one.os].filter(Boolean).join(' · ') },
                { title: t('official.errors.wechat'), render: (_, one) => [one.wechat, one.base_library].filter(Boolean).join(' / ') },
                { title: t('official.page'), dataIndex: 'route' },
              ]}
            />
          )
        }
      </Loaded>
    </>
  );
}
