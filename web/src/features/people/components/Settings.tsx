// Which fields customers have here 自定义属性, and what levels 等级 mean.
import { Button, Table } from 'antd';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Empty, Loaded, Panel, useNotify, Wide } from '@/shared/ui/page';
import { useAttributes, useRemoveAttribute, type Attribute } from '../api/settings';
import { AttributeDialog } from './AttributeDialog';

export function Settings({ appid, mayConfigure }: { appid: string; mayConfigure: boolean }) {
  return (
    <>
      <Attributes appid={appid} mayConfigure={mayConfigure} />
      <Levels appid={appid} />
    </>
  );
}

function Attributes({ appid, mayConfigure }: { appid: string; mayConfigure: boolean }) {
  const { t } = useTranslation();
  const attributes = useAttributes(appid);
  const remove = useRemoveAttribute(appid);
  const { done, failed, confirm } = useNotify();
  const [edited, setEdited] = useState<Attribute | 'new' | null>(null);
  const askToRemove = (one: Attribute) => confirm(t('people.attributes.remove_title', { name: one.name }), t('people.attributes.remove_hint'), () => remove.mutateAsync(one.id).then(() => done(), failed), t('common.delete'));
  const limits = (one: Attribute): string => {
    if (one.type === 'choice') return one.choices.join(' · ');
    if (one.type === 'text') return t('people.attributes.at_most', { n: one.chars_max });
    const { number_min: min, number_max: max } = one;
    return min === null && max === null ? '—' : `${min ?? '−∞'} … ${max ?? '∞'}`;
  };
  const add = mayConfigure && (
    <Button type="primary" icon={<Plus size={15} aria-hidden />} onClick={() => setEdited('new')}>
      {t('people.attributes.add')}
    </Button>
  );
  return (
    <Panel title={t('people.attributes.title')} extra={add}>
      <p className="muted panel-note">{t('people.attributes.hint')}</p>
      <Loaded query={attributes} rows={4}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('people.attributes.none')} text={t('people.attributes.none_hint')} />
          ) : (
            <Wide label={t('people.attributes.title')}>
              <Table
                rowKey="id"
                size="small"
                pagination={false}
                dataSource={items}
                columns={[
                  { title: t('people.attributes.name'), render: (_, one) => <strong>{one.name}</strong> },
                  { title: t('people.attributes.key'), render: (_, one) => <span className="mono">{one.key}</span> },
                  { title: t('people.attributes.type'), render: (_, one) => t(`people.attributes.types.${one.type}`) },
                  { title: t('people.attributes.limits'), render: (_, one) => <span className="people-reason">{limits(one)}</span> },
                  { title: t('people.attributes.revoke'), render: (_, one) => (one.revoke_code === 0 ? <span className="muted">—</span> : t(`people.attributes.codes.${`c${one.revoke_code}` as 'c0'}`, { defaultValue: String(one.revoke_code) })) },
                  ...(mayConfigure
                    ? [
                        {
                          title: <span className="sr-only">{t('common.more')}</span>,
                          render: (_: unknown, one: Attribute) => (
                            <span className="people-line">
                              <Button size="small" type="text" aria-label={t('people.attributes.edit', { name: one.name })} onClick={() => setEdited(one)}>
                                {t('common.edit')}
                              </Button>
                              <Button size="small" type="text" danger aria-label={t('people.attributes.remove', { name: one.name })} onClick={() => askToRemove(one)}>
                                {t('common.delete')}
                              </Button>
                            </span>
                          ),
                        },
                      ]
                    : []),
                ]}
              />
            </Wide>
          )
        }
      </Loaded>
      {edited && <AttributeDialog appid={appid} attribute={edited === 'new' ? null : edited} position={attributes.data?.length ?? 0} close={() => setEdited(null)} />}
    </Panel>
  );
}

const levels = [9, 8, 7, 6, 5, 4, 3, 2, 1];

function Levels({ appid }: { appid: string }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('people.levels.title')}>
      <p className="muted panel-note">{t('people.levels.hint')}</p>
      <ul className="people-plain people-line" aria-label={t('people.levels.look')}>
        {levels.map((n) => (
          <li key={n}>
            <Link to={`/m/${appid}/people?level=${n}`}>{t('people.filters.at_least', { n })}</Link>
          </li>
        ))}
      </ul>
      <p className="muted people-after">
        {t('people.levels.signed')} <Link to={`/m/${appid}/people/entrances`}>{t('people.sections.entrances')}</Link>
      </p>
    </Panel>
  );
}
