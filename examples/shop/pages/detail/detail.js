const miniops = require('../../miniops.js');
const { api } = require('../../config.js');

Page({
  data: { product: null, failed: false },

  // WXML 里 binderror="onImageError"：图片没有全局的失败钩子，由节点自己报告。
  onImageError: miniops.resourceError,

  onLoad({ id }) {
    wx.request({
      url: `${api}/product/${id}`,
      success: (res) => this.setData(res.statusCode === 200 ? { product: res.data } : { failed: true }),
      fail: () => this.setData({ failed: true }),
    });
  },

  // 附近门店要用位置；用户可以拒绝，拒绝与故障分开统计。
  findStore() {
    wx.getLocation({
      type: 'gcj02',
      success: ({ latitude, longitude }) => wx.openLocation({ latitude, longitude, name: '最近的门店' }),
      fail: () => wx.showToast({ title: '没有取得位置', icon: 'none' }),
    });
  },

  buy() {
    const { id, price } = this.data.product;
    miniops.reportEvent('AddOrder', { id, price });
    wx.navigateTo({ url: `/pages/pay/pay?id=${id}&price=${price}` });
  },
});
