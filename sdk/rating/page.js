// The page that a card of the survey opens: <folder>/page?token=….
const server = require('./server.js');

Page({
  data: { server, ready: false, token: '', language: 'zh' },

  onLoad({ token }) {
    const { language } = (wx.getAppBaseInfo || wx.getSystemInfoSync)();
    this.setData({ ready: true, token: token || '', language: /^en/.test(language) ? 'en' : 'zh' });
  },
});
