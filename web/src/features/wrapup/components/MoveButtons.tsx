// One step up or down in a list; the focus goes along, so that several steps are several presses of one key.
import { Button } from 'antd';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { moved } from './order';

interface Props {
  ids: string[];
  id: string;
  name: string;
  order(ids: string[]): void;
}

export function MoveButtons({ ids, id, name, order }: Props) {
  const { t } = useTranslation();
  const buttons = useRef<HTMLSpanElement>(null);
  const going = useRef<-1 | 1>(undefined);
  const at = ids.indexOf(id);
  useLayoutEffect(() => {
    if (!going.current) return;
    const [up, down] = buttons.current?.querySelectorAll('button') ?? [];
    const wanted = going.current < 0 ? up : down;
    (wanted?.disabled ? (going.current < 0 ? down : up) : wanted)?.focus();
    going.current = undefined;
  }, [at]);
  const step = (by: -1 | 1) => {
    const next = moved(ids, id, by);
    if (!next) return;
    going.current = by;
    order(next);
  };
  return (
    <span ref={buttons} className="wu-move">
      <Button size="small" type="text" disabled={at === 0} aria-label={t('wrapup.move_up', { name })} icon={<ArrowUp size={14} aria-hidden />} onClick={() => step(-1)} />
      <Button size="small" type="text" disabled={at === ids.length - 1} aria-label={t('wrapup.move_down', { name })} icon={<ArrowDown size={14} aria-hidden />} onClick={() => step(1)} />
    </span>
  );
}
