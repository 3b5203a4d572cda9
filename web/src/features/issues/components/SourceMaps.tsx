// Source maps of a release: what is there, what fits, what is missing; and uploading by hand. CI uploads with the CLI.
import { Button, Input, Select, Table, Upload } from 'antd';
import { Trash2, UploadCloud } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { bytesText, countText } from '@/shared/charts/numbers';
import { CopyText, Empty, Loaded, Mark, Panel, useNotify, Wide, type Level } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useDeleteMap, useDoctor, useSourceMaps, useUploadMap, type MapFile } from '../api/issues';

const levels: Record<string, Level> = { ok: 'ok', warning: 'warning', problem: 'failed' };

interface Props {
  appid: string;
  release: string;
  releases: string[];
  mayHandle: boolean;
  choose(release: string): void;
}

export function SourceMaps({ appid, release, releases, mayHandle, choose }: Props) {
  const { t } = useTranslation();
  const shown = release || releases[0] || '';
  // Maps may be there before the release is.
  const names = shown && !releases.includes(shown) ? [shown, ...releases] : releases;
  const maps = useSourceMaps(appid, shown);
  const remove = useDeleteMap(appid);
  const { done, failed, confirm } = useNotify();
  const askToRemove = (id: string, file: string) => confirm(t('issues.maps.remove_title', { file }), t('issues.maps.remove_hint'), () => remove.mutateAsync(id).then(() => done(), failed), t('common.delete'));
  return (
    <>
      <div className="filters">
        <Select aria-label={t('issues.releases.release')} style={{ minWidth: 160 }} showSearch value={shown || undefined} placeholder={t('issues.releases.release')} options={names.map((value) => ({ value, label: value }))} onChange={choose} />
      </div>
      {shown && <Doctor appid={appid} release={shown} />}
      <Panel title={t('issues.maps.title')}>
        <Loaded query={maps} rows={4}>
          {(items) =>
            items.length === 0 ? (
              <Empty title={t('issues.maps.none')} text={t('issues.maps.none_hint')} />
            ) : (
              <Wide label={t('issues.maps.title')}>
                <Table
                  rowKey="id"
                  size="small"
                  pagination={false}
                  dataSource={items}
                  columns={[
                    { title: t('issues.maps.file'), render: (_, one) => <span className="mono">{one.file}</span> },
                    { title: t('issues.maps.layer'), render: (_, one) => t(`issues.maps.layers.${one.layer}`) },
                    { title: t('issues.releases.release'), dataIndex: 'release' },
                    { title: t('issues.maps.size'), align: 'right', render: (_, one) => <span className="num">{bytesText(one.bytes)}</span> },
                    { title: t('issues.maps.uploaded'), render: (_, one) => <><Ago at={one.uploaded_at} /> <span className="muted">{one.uploaded_by}</span></> },
                    ...(mayHandle ? [{ title: <span className="sr-only">{t('common.more')}</span>, render: (_: unknown, one: (typeof items)[number]) => <Button size="small" type="text" danger aria-label={t('issues.maps.remove', { file: one.file })} icon={<Trash2 size={14} aria-hidden />} onClick={() => askToRemove(one.id, one.file)} /> }] : []),
                  ]}
                />
              </Wide>
            )
          }
        </Loaded>
      </Panel>
      {mayHandle && <UploadForm key={shown} appid={appid} release={shown} uploaded={choose} />}
      <Panel title={t('issues.maps.ci')}>
        <p className="muted">{t('issues.maps.ci_hint')}</p>
        <CopyText text={`MINIOPS_API_KEY=… node sdk/cli/upload-maps.mjs --server ${location.origin} --appid ${appid} --release ${shown || '1.0.0'} dist`} />
      </Panel>
    </>
  );
}

function Doctor({ appid, release }: { appid: string; release: string }) {
  const { t } = useTranslation();
  const report = useDoctor(appid, release);
  return (
    <Panel title={t('issues.maps.doctor')}>
      <Loaded query={report} rows={4}>
        {({ positions, mapped, findings }) => (
          <>
            <p className="num">{t('issues.maps.mapped', { n: countText(mapped), of: countText(positions) })}</p>
            <ul className="findings">
              {findings.map((one, index) => (
                <li key={index}>
                  <Mark level={levels[one.level] ?? 'unknown'}>
                    <strong className="mono">{one.file || t('issues.maps.whole')}</strong>
                  </Mark>
                  <span>{t(`issues.maps.findings.${one.code}`, { n: countText(one.count), of: countText(one.of) })}</span>
                  {one.example && <span className="muted mono">{one.example}</span>}
                </li>
              ))}
            </ul>
          </>
        )}
      </Loaded>
    </Panel>
  );
}

function UploadForm({ appid, release, uploaded }: { appid: string; release: string; uploaded(release: string): void }) {
  const { t } = useTranslation();
  const [into, setInto] = useState(release);
  const [layer, setLayer] = useState<MapFile['layer']>('build');
  const [file, setFile] = useState('');
  const upload = useUploadMap(appid);
  const { done, failed } = useNotify();
  const send = (map: File) => upload.mutateAsync({ release: into.trim(), layer, file: file.trim() || map.name.replace(/\.map$/, ''), map }).then((stored) => (done(t('issues.maps.stored', { n: countText(stored.sources) })), uploaded(stored.release)), failed);
  return (
    <Panel title={t('issues.maps.upload')}>
      <div className="filters">
        <Input aria-label={t('issues.releases.release')} placeholder={t('issues.releases.release')} style={{ width: 140 }} value={into} onChange={(event) => setInto(event.target.value)} maxLength={200} />
        <Select aria-label={t('issues.maps.layer')} style={{ minWidth: 200 }} value={layer} options={(['build', 'wechat'] as const).map((value) => ({ value, label: t(`issues.maps.layers.${value}`) }))} onChange={setLayer} />
        <Input aria-label={t('issues.maps.file')} placeholder={t('issues.maps.file_hint')} style={{ width: 260 }} value={file} onChange={(event) => setFile(event.target.value)} maxLength={400} />
        <Upload accept=".map,.json" showUploadList={false} disabled={into.trim() === ''} beforeUpload={(map) => (void send(map), false)}>
          <Button icon={<UploadCloud size={15} aria-hidden />} loading={upload.isPending} disabled={into.trim() === ''}>
            {t('issues.maps.choose')}
          </Button>
        </Upload>
      </div>
    </Panel>
  );
}
