// Pushes as WeChat sends them, built by wechat-crypto; says which were acknowledged.
import { randomInt } from 'node:crypto';
import { Agent, request } from 'node:http';
import WXBizMsgCrypt from 'wechat-crypto';
import { credentials } from './product.mjs';

export class Pusher {
  constructor(base, appid) {
    this.base = new URL(base);
    this.appid = appid;
    this.crypt = new WXBizMsgCrypt(credentials.token, credentials.encoding_aes_key, appid);
    this.agent = new Agent({ keepAlive: true, maxSockets: 64 });
  }

  text(openid, content, msgId) {
    return `<xml><ToUserName><![CDATA[gh_0a1b2c3d4e5f]]></ToUserName><FromUserName><![CDATA[${openid}]]></FromUserName><CreateTime>${Math.floor(Date.now() / 1000)}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${content}]]></Content><MsgId>${msgId}</MsgId></xml>`;
  }

  // One delivery; resolves with the answer's text, rejects when there was none.
  deliver(message, timeoutMs = 5000) {
    const encrypt = this.crypt.encrypt(message);
    const timestamp = String(Math.floor(Date.now() / 1000));
    const nonce = String(randomInt(1e9));
    const query = new URLSearchParams({ timestamp, nonce, encrypt_type: 'aes', msg_signature: this.crypt.getSignature(timestamp, nonce, encrypt) });
    const body = `<xml><ToUserName><![CDATA[gh_0a1b2c3d4e5f]]></ToUserName><Encrypt><![CDATA[${encrypt}]]></Encrypt></xml>`;
    return new Promise((resolve, reject) => {
      const sent = request(
        { host: this.base.hostname, port: this.base.port, path: `/wechat/push/${this.appid}?${query}`, method: 'POST', agent: this.agent, headers: { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(body) }, timeout: timeoutMs },
        (answer) => {
          let text = '';
          answer.on('data', (chunk) => (text += chunk));
          answer.on('end', () => resolve(text));
          answer.on('error', reject);
        },
      );
      sent.on('timeout', () => sent.destroy(new Error('timeout')));
      sent.on('error', reject);
      sent.end(body);
    });
  }

  // As WeChat does: up to `tries` deliveries of the same message. True when one was answered `success`.
  async push(message, tries = 3) {
    for (let i = 0; i < tries; i++) {
      try {
        if ((await this.deliver(message)) === 'success') return true;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50 + randomInt(100)));
      }
    }
    return false;
  }

  close() {
    this.agent.destroy();
  }
}
