const miniops = require('./miniops.js');
const config = require('./config.js');

// 必须在 App() 之前：之后定义的 App、Page、Component 才会被观察到。
miniops.init({
  server: config.server,
  key: config.key,
  // 用户同意隐私政策之前，记录只留在内存里，不发送，也不保存任何标识。
  consent: wx.getStorageSync('agreed') ? 'granted' : 'pending',
  // 日志里的手机号在离开手机之前就被遮住。
  beforeSend(record) {
    if (record.text) record.text = record.text.replace(/1\d{10}/g, '1**********');
    return record;
  },
});

App({
  globalData: { config, user: null },
});
