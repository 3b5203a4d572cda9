// 评价页把分数发到这里；其余文件由 sdk/ 的 npm run build 复制过来。
module.exports = require('../config.js').server;
