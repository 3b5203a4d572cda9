export const sealing = {
  kind: { phone: '手机号', id_card: '证件号', bank_card: '银行卡号' },
  show: '显示',
  show_hint: '查看会记入审计日志',
  settings: {
    title: '个人信息',
    seal: '消息中的手机号、证件号和银行卡号单独加密保存',
    seal_hint: '消息里只留 138****5678；有权限的人可逐个查看，每次都记入审计日志。只对之后的消息生效。',
    link: '隐私政策链接',
    link_hint: '欢迎语的第一条文字后面会带上它；每个客户每个版本只发一次。',
    link_wrong: '请填写以 https:// 开头的地址',
    version: '隐私政策版本',
    version_needed: '链接和版本需要一起填写',
  },
  notices: { title: '隐私政策', none: '还没有展示过', version: '版本 {{version}}', state: { sending: '发送中', shown: '已展示', failed: '未送达' } },
};
