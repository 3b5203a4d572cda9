// Routing rules 分配规则 in the order in which they are tried: dragged, or moved by buttons; what looks wrong is said.
import { Alert, Button } from 'antd';
import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { OrderedList } from '@/shared/ui/OrderedList';
import { Empty, Loaded, Panel, useNotify } from '@/shared/ui/page';
import { useMoveRule, useRules, type Rule } from '../api/routing';
import { newRule, type DraftStore } from './drafts';
import { RemoveRule, RuleSwitch, RuleText } from './RuleRow';
import { RuleSheet } from './RuleSheet';

interface Props {
  appid: string;
  mayConfigure: boolean;
  store: DraftStore;
}

export function Rules({ appid, mayConfigure, store }: Props) {
  const { t } = useTranslation();
  const rules = useRules(appid);
  const [search, setSearch] = useSearchParams();
  const open = (rule: string) => setSearch({ rule });
  const unsaved = Object.keys(store.drafts);
  const add = mayConfigure && (
    <Button type="primary" icon={<Plus size={15} aria-hidden />} onClick={() => open(newRule)}>
      {t('teams.rules.add')}
    </Button>
  );
  return (
    <Panel title={t('teams.rules.title')} extra={add}>
      <p className="muted panel-note">{t('teams.rules.hint')}</p>
      <Loaded query={rules} rows={5}>
        {(items) => (
          <>
            {unsaved.length > 0 && <Unsaved ids={unsaved} rules={items} store={store} />}
            {items.length === 0 ? <Empty title={t('teams.rules.none')} text={t('teams.rules.none_hint')} /> : <Ordered appid={appid} items={items} mayConfigure={mayConfigure} store={store} open={open} />}
            <RuleSheet appid={appid} id={search.get('rule')} rules={items} mayConfigure={mayConfigure} store={store} close={() => setSearch({})} />
          </>
        )}
      </Loaded>
    </Panel>
  );
}

// What is being written, also of a rule that is new or that a colleague has deleted.
function Unsaved({ ids, rules, store }: { ids: string[]; rules: Rule[]; store: DraftStore }) {
  const { t } = useTranslation();
  const nameOf = (id: string) => store.drafts[id]?.name || rules.find((one) => one.id === id)?.name || t('teams.rules.add');
  return (
    <Alert
      type="info"
      showIcon
      className="panel-note"
      title={t('teams.rules.drafts', { n: ids.length })}
      description={
        <span className="team-line">
          {ids.map((id) => (
            <Link key={id} to={`?rule=${id}`}>
              {nameOf(id)}
            </Link>
          ))}
        </span>
      }
    />
  );
}

interface OrderedProps extends Props {
  items: Rule[];
  open(id: string): void;
}

function Ordered({ appid, items, mayConfigure, store, open }: OrderedProps) {
  const { t } = useTranslation();
  const move = useMoveRule(appid);
  const { failed } = useNotify();
  const edit = mayConfigure ? t('common.edit') : t('common.details');
  return (
    <OrderedList
      prefix="rule"
      items={items}
      mayMove={mayConfigure}
      move={(id, before, moved) => move.mutate({ id, before }, { onError: failed, onSuccess: moved })}
      text={(rule) => <RuleText appid={appid} rule={rule} rules={items} unsaved={store.drafts[rule.id] !== undefined} />}
      before={(rule) => <RuleSwitch appid={appid} rule={rule} mayConfigure={mayConfigure} />}
      behind={(rule) => (
        <>
          <Button size="small" type="text" aria-label={`${edit} ${rule.name}`} onClick={() => open(rule.id)}>
            {edit}
          </Button>
          {mayConfigure && <RemoveRule appid={appid} rule={rule} store={store} />}
        </>
      )}
    />
  );
}
