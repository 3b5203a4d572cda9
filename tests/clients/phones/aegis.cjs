// aegis-mp-sdk as a mini program uses it. The server's address in the first argument, the key in the second.
const host = require('./host.cjs');

// What this SDK asks of a host beyond what the others do.
Object.assign(wx, {
  getPerformance: () => ({ createObserver: () => ({ observe() {}, disconnect() {} }), getEntries: () => [] }),
  onLazyLoadError() {},
  onAppRoute() {},
  onAppEnterBackground() {},
  onAppEnterForeground() {},
});
const { default: Aegis = require('aegis-mp-sdk') } = require('aegis-mp-sdk');

const aegis = new Aegis({ id: process.argv[3], uin: 'user-1001', hostUrl: process.argv[2], version: '1.4.2', env: 'production', reportApiSpeed: true, delay: 50 });
aegis.infoAll('支付成功');
aegis.error(new TypeError('null is not a person'));
aegis.reportEvent({ name: 'buy', ext1: 'A1' });
aegis.reportTime('onload', 1000);
host.raise('error', 'MiniProgramError\nx is not defined\nReferenceError: x is not defined\n    at pages/index/index.js:3:1');
