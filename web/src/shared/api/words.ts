// A filter's value as the API writes it: "a,b" is either, "!a" is all others, ",," is a comma in a value.
export interface Words {
  any: string[];
  not: boolean;
}

export function parseWords(text: string): Words {
  const not = text.startsWith('!');
  const any: string[] = [''];
  const rest = not ? text.slice(1) : text;
  for (let at = 0; at < rest.length; at += 1) {
    if (rest[at] !== ',') any[any.length - 1] += rest[at];
    else if (rest[at + 1] === ',') {
      any[any.length - 1] += ',';
      at += 1;
    } else any.push('');
  }
  return { any, not };
}

export const writeWords = ({ any, not }: Words) => (not ? '!' : '') + any.map((one) => one.replaceAll(',', ',,')).join(',');
