// Routing rules 分配规则 in the order in which they are tried: dragged, or moved by buttons; what looks wrong is said.
import { Alert, Button } from 'antd';
import { ArrowDown, ArrowUp, GripVertical, Plus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { Empty, Loaded, Panel, useNotify } from '@/shared/ui/page';
import { useMoveRule, useRules, type Rule } from '../api/routing';
import { newRule, type DraftStore } from './drafts';
import { beforeOfDrop, beforeOfStep, moved } from './order';
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
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const { keepFocus } = useFocusAfterMove(items);
  const put = (rule: Rule, before: string | null | undefined) => {
    if (before === undefined) return;
    const at = moved(items, rule.id, before).findIndex((one) => one.id === rule.id);
    move.mutate({ id: rule.id, before }, { onError: failed, onSuccess: () => setSaid(t('teams.rules.moved', { name: rule.name, n: at + 1 })) });
  };
  const edit = mayConfigure ? t('common.edit') : t('common.details');
  const drop = (target: string) => {
    const rule = items.find((one) => one.id === dragged);
    if (rule) put(rule, beforeOfDrop(items, rule.id, target));
    setDragged(null);
    setOver(null);
  };
  return (
    <>
      <ol className="team-rows">
        {items.map((rule, index) => (
          <li
            key={rule.id}
            className={['rule-row', dragged && over === rule.id && dragged !== rule.id ? 'rule-over' : ''].join(' ')}
            draggable={mayConfigure}
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = 'move';
              event.dataTransfer.setData('text/plain', rule.name); // Firefox drags nothing without
              setDragged(rule.id);
            }}
            onDragOver={(event) => {
              if (!dragged) return;
              event.preventDefault();
              setOver(rule.id);
            }}
            onDrop={(event) => {
              event.preventDefault();
              drop(rule.id);
            }}
            onDragEnd={() => (setDragged(null), setOver(null))}
          >
            {mayConfigure && (
              <span className="rule-handle" title={t('teams.rules.drag')}>
                <GripVertical size={15} aria-hidden />
              </span>
            )}
            <span className="num muted rule-number" aria-label={t('teams.rules.position', { n: index + 1 })} role="img">
              {index + 1}
            </span>
            <RuleText appid={appid} rule={rule} rules={items} unsaved={store.drafts[rule.id] !== undefined} />
            <span className="team-line">
              <RuleSwitch appid={appid} rule={rule} mayConfigure={mayConfigure} />
              {mayConfigure &&
                ([-1, 1] as const).map((by) => (
                  <Button
                    key={by}
                    id={`rule-${rule.id}-${by}`}
                    size="small"
                    type="text"
                    aria-label={by < 0 ? t('teams.rules.up', { name: rule.name }) : t('teams.rules.down', { name: rule.name })}
                    icon={by < 0 ? <ArrowUp size={15} aria-hidden /> : <ArrowDown size={15} aria-hidden />}
                    disabled={beforeOfStep(items, rule.id, by) === undefined}
                    onClick={() => (keepFocus(rule.id, by), put(rule, beforeOfStep(items, rule.id, by)))}
                  />
                ))}
              <Button size="small" type="text" aria-label={`${edit} ${rule.name}`} onClick={() => open(rule.id)}>
                {edit}
              </Button>
              {mayConfigure && <RemoveRule appid={appid} rule={rule} store={store} />}
            </span>
          </li>
        ))}
      </ol>
      <p className="sr-only" role="status">
        {said}
      </p>
    </>
  );
}

// A row that moves takes the focus from its button; at the end of the list the other button gets it.
function useFocusAfterMove(items: Rule[]) {
  const wanted = useRef<{ id: string; by: number } | null>(null);
  const order = items.map((one) => one.id).join();
  useEffect(() => {
    if (!wanted.current) return;
    const { id, by } = wanted.current;
    wanted.current = null;
    const buttons = [by, -by].map((each) => document.getElementById(`rule-${id}-${each}`) as HTMLButtonElement | null);
    buttons.find((button) => button && !button.disabled)?.focus();
  }, [order]);
  return { keepFocus: (id: string, by: number) => (wanted.current = { id, by }) };
}
