// Everything that is known of one line. A value that is pressed narrows the query to it, or leaves it out.
import { App, Button } from 'antd';
import { Braces, Copy, Rows3, UnfoldVertical, ZoomIn, ZoomOut } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Exact, useZone } from '@/shared/ui/time';
import type { LogLine } from '../api/logs';
import { deviceText, fieldOf, lineText, propertiesOf } from './columns';
import { lineTime, Marked } from './formats';
import { Jumps } from './Jumps';
import type { LineActs } from './LineRow';
import { fieldNames, notOf, propertyPrefix, termOf } from './terms';

export function LineDetail({ line, acts }: { line: LogLine; acts: LineActs }) {
  const { t } = useTranslation();
  const properties = propertiesOf(line.properties);
  const { device } = line;
  const plain = [
    [t('logs.detail.system'), [device.os, device.os_version].filter(Boolean).join(' ')],
    [t('logs.detail.wechat'), device.wechat],
    [t('logs.detail.base_library'), device.base_library],
    [t('logs.detail.weight'), line.weight === 1 ? '' : String(line.weight)],
  ].filter(([, value]) => value);
  return (
    <>
      <Tools line={line} acts={acts} />
      <pre className="log-full">
        <Marked line={line} />
      </pre>
      <dl className="log-facts">
        <Fact name={t('logs.detail.at')}>
          <Exact at={line.at} />
          {line.late && <span className="log-late">{t('logs.detail.late')}</span>}
        </Fact>
        <Fact name={t('logs.detail.received')}>
          <Exact at={line.received_at} />
        </Fact>
        {fieldNames.map((name) => {
          const value = fieldOf(line, name);
          return value === '' ? null : (
            <Fact key={name} name={t(`logs.fields.names.${name}`)}>
              <Value text={name === 'device' ? deviceText(line) : String(value)} term={termOf(name, value)} narrow={acts.narrow} />
            </Fact>
          );
        })}
        {plain.map(([name, value]) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
        {properties.map(([name, value]) => (
          <Fact key={name} name={<span className="mono">{name}</span>}>
            <Value text={String(value)} term={termOf(propertyPrefix + name, value)} narrow={acts.narrow} />
          </Fact>
        ))}
      </dl>
      <Jumps line={line} acts={acts} />
    </>
  );
}

function Tools({ line, acts }: { line: LogLine; acts: LineActs }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const zone = useZone();
  const copy = (text: string) =>
    navigator.clipboard.writeText(text).then(
      () => message.success(t('common.copied')),
      () => message.error(t('common.copy_failed')),
    );
  return (
    <div className="log-tools">
      <Button size="small" icon={<UnfoldVertical size={14} aria-hidden />} onClick={() => acts.context(line.id)}>
        {t('logs.detail.context')}
      </Button>
      <Button size="small" icon={<Copy size={14} aria-hidden />} onClick={() => void copy(lineText(line, lineTime(line.at, zone)))}>
        {t('logs.detail.copy')}
      </Button>
      <Button size="small" icon={<Braces size={14} aria-hidden />} onClick={() => void copy(JSON.stringify(line, null, 2))}>
        {t('logs.detail.copy_json')}
      </Button>
      {line.template !== null && (
        <Button size="small" icon={<Rows3 size={14} aria-hidden />} onClick={() => acts.narrow(termOf('template', line.template!))}>
          {t('logs.detail.same_template')}
        </Button>
      )}
    </div>
  );
}

function Fact({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Value({ text, term, narrow }: { text: string; term: string; narrow(term: string): void }) {
  const { t } = useTranslation();
  return (
    <span className="log-value">
      <button type="button" className="log-value-text" title={t('logs.detail.add', { term })} onClick={() => narrow(term)}>
        {text}
      </button>
      <button type="button" className="log-value-act" aria-label={t('logs.detail.add', { term })} title={t('logs.detail.add', { term })} onClick={() => narrow(term)}>
        <ZoomIn size={14} aria-hidden />
      </button>
      <button type="button" className="log-value-act" aria-label={t('logs.detail.exclude', { term })} title={t('logs.detail.exclude', { term })} onClick={() => narrow(notOf(term))}>
        <ZoomOut size={14} aria-hidden />
      </button>
    </span>
  );
}
