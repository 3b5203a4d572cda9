// Automation rules in the order in which they act: what each does, and what looks wrong about it.
import { Button } from 'antd';
import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { OrderedList } from '@/shared/ui/OrderedList';
import { Empty, Loaded, Panel, useNotify } from '@/shared/ui/page';
import { useAutomationLive, useMoveRule, useRules, type Rule } from '../api/automation';
import { rulesMax } from './draft';
import { RuleActions, RuleSwitch, RuleText } from './RuleRow';
import { RuleSheet } from './RuleSheet';

interface Props {
  appid: string;
  mayConfigure: boolean;
}

export function Rules({ appid, mayConfigure }: Props) {
  const { t } = useTranslation();
  useAutomationLive(appid);
  const rules = useRules(appid);
  const [search, setSearch] = useSearchParams();
  const opened = mayConfigure ? search.get('rule') : null;
  const full = (rules.data?.length ?? 0) >= rulesMax;
  const add = mayConfigure && (
    <Button type="primary" icon={<Plus size={15} aria-hidden />} disabled={full} onClick={() => setSearch({ rule: 'new' })}>
      {t('automation.list.add')}
    </Button>
  );
  return (
    <Panel title={t('automation.sections.rules')} extra={add}>
      <p className="muted panel-note">{full ? t('automation.list.full', { n: rulesMax }) : t('automation.list.hint')}</p>
      <Loaded query={rules} rows={6}>
        {(items) => (
          <>
            {items.length === 0 ? <Empty title={t('automation.list.empty')} text={t('automation.list.empty_hint')} /> : <Ordered appid={appid} items={items} mayConfigure={mayConfigure} open={(rule) => setSearch({ rule })} />}
            <RuleSheet appid={appid} rule={opened === 'new' ? 'new' : items.find((one) => one.id === opened)} close={() => setSearch({})} />
          </>
        )}
      </Loaded>
    </Panel>
  );
}

function Ordered({ appid, items, mayConfigure, open }: Props & { items: Rule[]; open(id: string): void }) {
  const move = useMoveRule(appid);
  const { failed } = useNotify();
  return (
    <OrderedList
      prefix="automation"
      items={items}
      mayMove={mayConfigure}
      move={(id, before, moved) => move.mutate({ id, before }, { onError: failed, onSuccess: moved })}
      text={(rule) => <RuleText appid={appid} rule={rule} mayConfigure={mayConfigure} />}
      before={(rule) => <RuleSwitch appid={appid} rule={rule} mayConfigure={mayConfigure} />}
      behind={(rule) => mayConfigure && <RuleActions appid={appid} rule={rule} open={() => open(rule.id)} />}
    />
  );
}
