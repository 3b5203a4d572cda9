// A stack as people read it: the newest call first, in source where the maps know it, what is not theirs folded.
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { CopyText } from '@/shared/ui/page';
import type { Frame, IssueEventDetail } from '../api/issues';

type Exception = IssueEventDetail['exceptions'][number];

const placeOf = ({ source, file, line, column }: Frame) => (source ? `${source.file}:${source.line}:${source.column}` : line > 0 ? `${file}:${line}:${column}` : file);

const stackText = ({ type, message, frames }: Exception) => [`${type}: ${message}`, ...frames.map((one) => `    at ${one.function || '?'} (${placeOf(one)})`)].join('\n');

export function Stack({ event, mapsAddress }: { event: IssueEventDetail; mapsAddress: string }) {
  const { t } = useTranslation();
  if (event.exceptions.length === 0) return <p className="muted">{t('issues.stack.none')}</p>;
  const unread = event.mapping === 'no_maps' || event.mapping === 'nothing_fits' || event.mapping === 'partly';
  return (
    <>
      {unread && (
        <Alert
          type="info"
          showIcon
          title={t(`issues.stack.${event.mapping}` as 'issues.stack.no_maps')}
          action={
            <Link to={mapsAddress}>
              <Button size="small">{t('issues.stack.to_maps')}</Button>
            </Link>
          }
        />
      )}
      {event.exceptions.map((one, index) => (
        <section key={index} className="stack">
          <header>
            <strong>
              {index > 0 && <span className="muted">{t('issues.stack.caused_by')} </span>}
              {one.type}
            </strong>
            <CopyText text={stackText(one)} show={t('issues.stack.copy')} />
            <p>{one.message}</p>
          </header>
          <Frames frames={one.frames} />
        </section>
      ))}
    </>
  );
}

function Frames({ frames }: { frames: Frame[] }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const others = frames.filter((one) => !one.in_app).length;
  // When nothing is the app's own, everything is shown.
  const shown = all || others === frames.length ? frames : frames.filter((one) => one.in_app);
  const first = shown.findIndex((one) => one.in_app && one.context.length > 0);
  return (
    <>
      <ol className="frames">
        {shown.map((frame, index) => (
          <FrameView key={index} frame={frame} openAtFirst={index === first} />
        ))}
      </ol>
      {others > 0 && others < frames.length && (
        <Button type="link" size="small" onClick={() => setAll(!all)}>
          {all ? t('issues.stack.fold') : t('issues.stack.unfold', { n: others })}
        </Button>
      )}
    </>
  );
}

function FrameView({ frame, openAtFirst }: { frame: Frame; openAtFirst: boolean }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(openAtFirst);
  const line = frame.source?.line ?? frame.line;
  return (
    <li className={frame.in_app ? 'frame' : 'frame frame-other'}>
      <div className="frame-head">
        {frame.context.length > 0 ? (
          <button type="button" className="frame-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
            <span className="mono">{frame.function || t('issues.stack.anonymous')}</span>
          </button>
        ) : (
          <span className="mono">{frame.function || t('issues.stack.anonymous')}</span>
        )}
        <span className="muted mono frame-place">{placeOf(frame)}</span>
        {frame.source && (
          <span className="muted frame-generated" title={t('issues.stack.generated')}>
            ← {frame.file}:{frame.line}:{frame.column}
          </span>
        )}
      </div>
      {open && frame.context.length > 0 && (
        <pre className="frame-context" tabIndex={0} role="region" aria-label={placeOf(frame)}>
          {frame.context.map((text, index) => {
            const number = frame.context_from + index;
            return (
              <span key={number} className={number === line ? 'frame-line frame-line-here' : 'frame-line'}>
                <span className="frame-number">{number}</span>
                {text}
                {'\n'}
              </span>
            );
          })}
        </pre>
      )}
    </li>
  );
}
