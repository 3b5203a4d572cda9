// 换成自己的：MiniOps 的域名要加进小程序后台的 request 合法域名。
module.exports = {
  server: 'https://ops.example.com',
  key: 'demo-public-key',
  api: 'https://shop.example.com/api',
};
