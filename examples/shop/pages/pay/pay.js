const miniops = require('../../miniops.js');
const { api } = require('../../config.js');

// 与“实时日志”同样的用法。
const log = miniops.getLogManager();

function post(path, data) {
  return new Promise((resolve, reject) => {
    wx.request({
      url: api + path,
      method: 'POST',
      data,
      success: (res) => (res.statusCode === 200 ? resolve(res.data) : reject(new Error(`${path} ${res.statusCode}`))),
      fail: (error) => reject(new Error(error.errMsg)),
    });
  });
}

Page({
  data: { id: '', price: 0, state: 'ready' },

  onLoad({ id, price }) {
    this.setData({ id, price: Number(price) });
    log.setFilterMsg(`product-${id}`);
  },

  pay() {
    if (this.data.state === 'paying') return;
    this.setData({ state: 'paying' });
    this.login()
      .then(() => post('/order', { id: this.data.id }))
      .then((order) => this.requestPayment(order))
      .then((paid) => this.setData({ state: paid ? 'paid' : 'ready' }))
      .catch((error) => {
        // 自己处理了的错误也值得知道。
        miniops.captureError(error, { id: this.data.id });
        this.setData({ state: 'failed' });
      });
  },

  login() {
    return wx
      .login()
      .then(({ code }) => post('/login', { code }))
      .then((user) => miniops.setUser({ openid: user.openid, loginId: user.id }));
  },

  // 用户取消不是错误：得到 false。
  requestPayment(order) {
    return new Promise((resolve, reject) => {
      wx.requestPayment(
        Object.assign({}, order.payment, {
          success: () => {
            log.info('支付成功', order.id);
            miniops.reportEvent('PayOrder', { amount: this.data.price });
            resolve(true);
          },
          fail: ({ errMsg }) => {
            if (/cancel/.test(errMsg)) return resolve(false);
            log.error('支付失败', order.id, errMsg);
            reject(new Error(errMsg));
          },
        }),
      );
    });
  },
});
