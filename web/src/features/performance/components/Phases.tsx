// On what a request's time was spent, on average. TLS is a part of connecting.
import { useTranslation } from 'react-i18next';
import { msText } from '@/shared/charts/numbers';
import type { RequestPhases } from '../api/performance';

const stretches = ['dns', 'connect', 'ttfb', 'download'] as const;

export function Phases({ phases }: { phases: RequestPhases }) {
  const { t } = useTranslation();
  const there = stretches.filter((one) => phases[one] !== null);
  const tls = phases.ssl ? ` (TLS ${msText(phases.ssl)})` : '';
  return (
    <span className="perf-stretches">
      <span className="perf-stretches-bar" aria-hidden>
        {there.map((one) => (
          <i key={one} style={{ flexGrow: phases[one]!, background: `var(--chart-${stretches.indexOf(one) + 1})` }} />
        ))}
      </span>
      <span className="muted num">{there.map((one) => `${t(`performance.requests.stretches.${one}`)} ${msText(phases[one]!)}${one === 'connect' ? tls : ''}`).join(' · ')}</span>
    </span>
  );
}
