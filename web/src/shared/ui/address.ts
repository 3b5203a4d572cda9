// An address of another program, as the server judges its form; where it leads is judged there.
export const addressCharsMax = 2048;
export type AddressProblem = 'form' | 'userinfo' | 'fragment';

export function addressProblem(text: string): AddressProblem | undefined {
  const address = text.trim();
  if (!/^https?:\/\/[^/?#]/i.test(address) || /\s/.test(address) || !URL.canParse(address)) return 'form';
  const url = new URL(address);
  if (url.username || url.password) return 'userinfo';
  return address.includes('#') ? 'fragment' : undefined;
}
