// What WeChat and JavaScript engines say of an error, taken apart into type, message and stack.
import { show } from './core/text.js';
import { withoutQueries } from './url_pattern.js';

const heads = /^(MiniProgramError|thirdScriptError|webviewScriptError|[\w$]*ScriptError)$/;
const typed = /^(?:Uncaught (?:\(in promise\) )?)?((?:[A-Z][\w$]*)?(?:Error|Exception)): ?(.*)$/;
const frame = /^\s*at |@\S*:\d+|^\s*\S+@\[?native code/;

// onError delivers one text: `MiniProgramError\n<message>\n<Type>: <message>\n    at …`; iOS and older versions leave
// parts out.
export function parseErrorText(given) {
  const lines = String(given)
    .split('\n')
    .filter((line) => line.trim());
  if (lines.length > 1 && heads.test(lines[0].trim())) lines.shift();
  const firstFrame = lines.findIndex((line) => frame.test(line));
  const spoken = firstFrame < 0 ? lines : lines.slice(0, firstFrame);
  const typedLine = spoken.find((line) => typed.test(line.trim()));
  const [, name, message] = typedLine ? typed.exec(typedLine.trim()) : [null, 'Error', spoken[0] || lines[0] || ''];
  const from = typedLine ? lines.indexOf(typedLine) : Math.max(0, firstFrame);
  return {
    name,
    text: withoutQueries(message || name).trim(),
    stack: firstFrame < 0 ? '' : withoutQueries(lines.slice(from).join('\n')),
  };
}

// The same of whatever was thrown or rejected. wx.onError gives on some versions an object with the text as message.
export function parseThrown(thrown) {
  const { name, message, stack, errMsg } = Object(thrown);
  if (typeof message === 'string') {
    if (heads.test(name) || /^\w+Error\n/.test(message)) return parseErrorText(stack || message);
    return { name: String(name || 'Error'), text: withoutQueries(message), stack: withoutQueries(stack || '') };
  }
  return parseErrorText(errMsg || show(thrown));
}
