// Segments 客户分群: saved conditions, and how many fit them now.
import { Button } from 'antd';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Empty, Loaded, Panel, useNotify } from '@/shared/ui/page';
import { Ago, useZone } from '@/shared/ui/time';
import { useAttributes, useRemoveSegment, useSegmentCount, useSegments, type Attribute, type Segment } from '../api/settings';
import { rootOf } from './conditions';
import { conditionWords } from './conditionWords';
import { SegmentDialog } from './SegmentDialog';

export function Segments({ appid, mayConfigure }: { appid: string; mayConfigure: boolean }) {
  const { t } = useTranslation();
  const segments = useSegments(appid);
  const attributes = useAttributes(appid);
  const [edited, setEdited] = useState<Segment | 'new' | null>(null);
  const add = mayConfigure && (
    <Button type="primary" icon={<Plus size={15} aria-hidden />} onClick={() => setEdited('new')}>
      {t('people.segments.add')}
    </Button>
  );
  return (
    <>
      <Panel title={t('people.segments.title')} extra={add}>
        <p className="muted panel-note">{t('people.segments.hint')}</p>
        <Loaded query={segments} rows={4}>
          {(items) =>
            items.length === 0 ? (
              <Empty title={t('people.segments.none')} text={t('people.segments.none_hint')} />
            ) : (
              <Loaded query={attributes} rows={4}>
                {(defined) => (
                  <ul className="people-rows">
                    {items.map((one) => (
                      <OneSegment key={one.id} appid={appid} segment={one} attributes={defined} mayConfigure={mayConfigure} edit={() => setEdited(one)} />
                    ))}
                  </ul>
                )}
              </Loaded>
            )
          }
        </Loaded>
      </Panel>
      {edited && <SegmentDialog appid={appid} segment={edited === 'new' ? null : edited} close={() => setEdited(null)} />}
    </>
  );
}

interface OneProps {
  appid: string;
  segment: Segment;
  attributes: Attribute[];
  mayConfigure: boolean;
  edit(): void;
}

function OneSegment({ appid, segment, attributes, mayConfigure, edit }: OneProps) {
  const { t } = useTranslation();
  const zone = useZone();
  const [counting, setCounting] = useState(false);
  const count = useSegmentCount(appid, segment.id, counting);
  const remove = useRemoveSegment(appid);
  const { done, failed, confirm } = useNotify();
  const askToRemove = () => confirm(t('people.segments.remove_title', { name: segment.name }), t('people.segments.remove_hint'), () => remove.mutateAsync(segment.id).then(() => done(), failed), t('common.delete'));
  return (
    <li>
      <div className="people-row-text">
        <span className="people-line">
          <Link to={`/m/${appid}/people?segment=${segment.id}`}>
            <strong>{segment.name}</strong>
          </Link>
          <span className="muted">
            {segment.created_by} · <Ago at={segment.updated_at} />
          </span>
        </span>
        <span>{conditionWords(rootOf(segment.condition), attributes, zone, t)}</span>
        {count.error && <Loaded query={count}>{() => null}</Loaded>}
      </div>
      <span className="people-line">
        {count.data === undefined ? (
          <Button size="small" aria-label={t('people.segments.count_of', { name: segment.name })} loading={counting && count.isFetching} onClick={() => setCounting(true)}>
            {t('people.segments.count')}
          </Button>
        ) : (
          <strong className="num" role="status">
            {t('people.n', { n: count.data })}
          </strong>
        )}
        {mayConfigure && (
          <>
            <Button size="small" type="text" aria-label={t('people.segments.edit', { name: segment.name })} onClick={edit}>
              {t('common.edit')}
            </Button>
            <Button size="small" type="text" danger aria-label={t('people.segments.remove', { name: segment.name })} onClick={askToRemove}>
              {t('common.delete')}
            </Button>
          </>
        )}
      </span>
    </li>
  );
}
