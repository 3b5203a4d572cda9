// What the live tail does: how many new lines wait, whether it keeps up.
import { Button } from 'antd';
import { Pause, Play } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { problemQuote, problemText } from '@/shared/api/problems';
import { countText } from '@/shared/charts/numbers';
import type { TailState } from '../api/useTail';
import { linesOf } from './tail';

export function TailBar({ state: { tail, late, error, pause, resume }, toTop }: { state: TailState; toTop(): void }) {
  const { t } = useTranslation();
  const waiting = linesOf(tail.held);
  const go = () => {
    resume();
    toTop();
  };
  return (
    <div className={`log-tail${error || late ? ' log-tail-late' : ''}`}>
      <span className="log-tail-dot" aria-hidden />
      <span role="status">
        {error ? t('logs.tail.failed', { why: problemText(error), code: problemQuote(error) }) : late ? t('logs.tail.late') : tail.paused ? t('logs.tail.paused') : t('logs.tail.live', { n: countText(linesOf(tail.rows)) })}
        {tail.gaps > 0 && ` ${t('logs.tail.lags')}`}
      </span>
      {tail.paused ? (
        <Button size="small" type="primary" icon={<Play size={14} aria-hidden />} onClick={go}>
          {waiting > 0 ? t('logs.tail.show', { n: countText(waiting) }) : t('logs.tail.resume')}
        </Button>
      ) : (
        <Button size="small" icon={<Pause size={14} aria-hidden />} onClick={pause}>
          {t('logs.tail.pause')}
        </Button>
      )}
    </div>
  );
}
