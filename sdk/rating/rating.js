// The question of a satisfaction survey, as a component without dependencies: native pages, Taro and uni-app use it alike.
// It looks whether the one-time token may still be used, and sends the score with it, once.
const words = {
  zh: {
    legend: '您对本次服务满意吗？',
    scores: ['非常不满意', '不满意', '一般', '满意', '非常满意'],
    comment: '还有什么想说的（选填，500 字以内）',
    send: '提交',
    choose: '请先选择 1 到 5 分。',
    retry: '重试',
    rated: '评价已提交，谢谢！',
    used: '本次服务已经评价过了，谢谢！',
    expired: '这个链接已过期。',
    unknown: '没有这个链接，请从收到的消息里打开。',
    failed: '暂时无法提交，请稍后再试。',
  },
  en: {
    legend: 'How was our service?',
    scores: ['very bad', 'bad', 'so-so', 'good', 'very good'],
    comment: 'Anything to add? (optional, at most 500 characters)',
    send: 'Send',
    choose: 'Please choose 1 to 5 first.',
    retry: 'Try again',
    rated: 'Your rating is in. Thank you!',
    used: 'This service was rated already. Thank you!',
    expired: 'This link has expired.',
    unknown: 'There is no such link; please open it from the message that you got.',
    failed: 'It does not work at the moment; please try again later.',
  },
};

// What the server says of the token. Everything else may work the next time.
const ends = {
  'satisfaction.link_used': 'used',
  'satisfaction.link_expired': 'expired',
  'satisfaction.link_unknown': 'unknown',
};

Component({
  properties: {
    server: String, // https://ops.example.com
    token: String, // of the page's query
    language: { type: String, value: 'zh' },
  },

  data: {
    state: 'loading', // open · sending · rated · used · expired · unknown · failed
    score: 0,
    comment: '',
    problem: '',
    words: words.zh,
    choices: [],
  },

  lifetimes: {
    attached() {
      const own = words[String(this.data.language).slice(0, 2)] || words.zh;
      const choices = [5, 4, 3, 2, 1].map((score) => ({ score, label: own.scores[score - 1] }));
      this.setData({ words: own, choices });
      this.look();
    },
  },

  methods: {
    look() {
      if (!this.data.token) return this.setData({ state: 'unknown' });
      this.setData({ state: 'loading' });
      this.ask('GET', undefined, (state) => this.setData({ state: state || 'open' }));
    },

    choose({ currentTarget }) {
      if (this.data.state === 'open') this.setData({ score: Number(currentTarget.dataset.score), problem: '' });
    },

    write({ detail }) {
      // Not shown back: the textarea holds it already.
      this.data.comment = detail.value;
    },

    send() {
      const { state, score, comment } = this.data;
      if (state !== 'open') return;
      if (!score) return this.setData({ problem: this.data.words.choose });
      this.setData({ state: 'sending', problem: '' });
      this.ask('POST', { score, comment }, (end) => {
        // What was chosen and written stays, to be sent once more.
        if (end === 'failed') return this.setData({ state: 'open', problem: this.data.words.failed });
        this.setData({ state: end || 'rated' });
        if (!end) this.triggerEvent('rated', { score });
      });
    },

    // Tells '' when the server took it, else how it ended.
    ask(method, data, tell) {
      const server = String(this.data.server).replace(/\/+$/, '');
      wx.request({
        url: `${server}/api/v1/satisfaction/${encodeURIComponent(this.data.token)}`,
        method,
        data,
        timeout: 10000,
        success: ({ statusCode, data: said }) =>
          tell(statusCode === 200 || statusCode === 204 ? '' : ends[said && said.code] || 'failed'),
        fail: () => tell('failed'),
      });
    },
  },
});
