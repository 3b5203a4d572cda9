// Compiled only: each public function as a host would use it.
import miniops from '../types/index';

const started: boolean = miniops.init({
  server: 'https://ops.example.com',
  key: 'k',
  consent: 'pending',
  sample: { performance: 0.1 },
  capture: { taps: false },
  beforeSend: (record) => (record.kind === 'log' ? null : record),
  urlPattern: () => undefined,
});
miniops.setConsent(started);
miniops.setUser({ openid: 'o', properties: { vip: true } });
miniops.reportEvent('PayOrder', { amount: 19.9 });
miniops.reportAnalytics('Search');
miniops.captureError(new Error('no'), { order: 7 });
miniops.log.info('paid', 7, { ok: true });
miniops.getLogManager().setFilterMsg('order');
miniops.feedback({ text: 'slow', pictures: ['a.jpg'] }).then(({ ok, id }) => (ok ? id : ''));
const player: { src: string } = miniops.watchAudio({ src: 'a.mp3' });
miniops.resourceError({ detail: {} });
miniops.addBreadcrumb(player.src);
// @ts-expect-error the key is missing
miniops.init({ server: 'https://ops.example.com' });
// @ts-expect-error no such level
miniops.init({ server: 's', key: 'k', level: 'loud' });
