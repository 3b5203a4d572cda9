// sa-sdk-miniprogram as a mini program uses it. The server's address in the first argument; batch or single in the second.
const host = require('./host.cjs');
const sensors = require('sa-sdk-miniprogram');

sensors.setPara({
  name: 'sensors',
  server_url: process.argv[2],
  autoTrack: { appLaunch: true, appShow: true, appHide: true, pageShow: true },
  batch_send: process.argv[3] === 'batch' ? { max_length: 3 } : false,
  show_log: false,
});
sensors.init();
App({ onLaunch() {}, onShow() {}, onHide() {} });
host.raise('appShow', host.launch);
sensors.track('BuyProduct', { name: 'FTS', price: 19.9 });
sensors.login('u-1001');
sensors.setProfile({ level: 'gold' });
sensors.track('PayOrder', { amount: 19.9 });
host.raise('appHide');
