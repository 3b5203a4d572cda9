// WeChat gives no picture of a customer, and pages load none from elsewhere (docs/adr/0010): a letter on a colour that stays
// the same for one person.
const hues = [152, 205, 262, 28, 340, 95, 185, 310];

export function CustomerAvatar({ openid, name, size = 40 }: { openid: string; name?: string; size?: number }) {
  let sum = 0;
  for (const letter of openid) sum = (sum * 31 + letter.charCodeAt(0)) >>> 0;
  const letter = (name || openid.slice(-2)).trim().slice(0, name ? 1 : 2).toUpperCase();
  return (
    <span className="customer-avatar" style={{ '--hue': hues[sum % hues.length], width: size, height: size } as React.CSSProperties} aria-hidden>
      {letter}
    </span>
  );
}
