const miniops = require('../../miniops.js');
const { api } = require('../../config.js');

Page({
  data: { products: [], failed: false, loading: true, agreed: true },

  onLoad() {
    this.setData({ agreed: Boolean(wx.getStorageSync('agreed')) });
    this.load();
  },

  onPullDownRefresh() {
    this.load(() => wx.stopPullDownRefresh());
  },

  load(done) {
    this.setData({ loading: true, failed: false });
    wx.request({
      url: `${api}/products?page=1`,
      success: (res) => {
        if (res.statusCode === 200) this.setData({ products: res.data.products });
        else this.setData({ failed: true });
      },
      fail: () => this.setData({ failed: true }),
      complete: () => {
        this.setData({ loading: false });
        if (done) done();
      },
    });
  },

  retry() {
    this.load();
  },

  open(event) {
    const { id } = event.detail;
    miniops.reportEvent('OpenProduct', { id });
    wx.navigateTo({ url: `/pages/detail/detail?id=${id}` });
  },

  agree() {
    wx.setStorageSync('agreed', true);
    this.setData({ agreed: true });
    miniops.setConsent(true);
  },

  // 反馈：一句话，加上用户选的截图。
  writeFeedback() {
    wx.showModal({
      title: '意见反馈',
      editable: true,
      placeholderText: '遇到了什么问题？',
      success: ({ confirm, content }) => {
        if (confirm && content) this.choosePictures(content);
      },
    });
  },

  choosePictures(text) {
    wx.chooseMedia({
      count: 3,
      mediaType: ['image'],
      success: ({ tempFiles }) =>
        this.sendFeedback(
          text,
          tempFiles.map((file) => file.tempFilePath),
        ),
      fail: () => this.sendFeedback(text, []),
    });
  },

  sendFeedback(text, pictures) {
    miniops.feedback({ text, pictures }).then(({ ok }) => {
      wx.showToast({ title: ok ? '已收到，谢谢' : '没有发出', icon: 'none' });
    });
  },
});
