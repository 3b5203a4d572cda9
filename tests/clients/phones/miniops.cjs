// Our SDK, as it is built for phones. The batch address in the first argument.
const host = require('./host.cjs');
const miniops = require('../../../sdk/dist/miniops.js');

const { origin, searchParams } = new URL(process.argv[2]);
miniops.init({ server: origin, key: searchParams.get('key'), release: '1.4.2' });
host.raise('appShow', host.launch);
host.raise('error', 'MiniProgramError\nx is not defined\nReferenceError: x is not defined\n    at pages/index/index.js:3:1');
miniops.reportEvent('BuyProduct', { price: 19.9 });
miniops.log.info('支付成功', { order: 7 });
host.raise('appHide');
