// Room for words in a drawing.

// About how wide a text is at 12 px: Chinese is as wide as it is tall.
export const widthOf = (text: string) => [...text].reduce((all, letter) => all + (letter > '\u2e7f' ? 12 : 6.8), 0);

export function cutText(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let cut = '';
  for (const letter of text) {
    if (widthOf(`${cut}${letter}…`) > width) break;
    cut += letter;
  }
  return `${cut}…`;
}

// On which line each label stands, from left to right, so that none covers another.
export function linesOf(places: { x: number; text: string }[]): number[] {
  const ends: number[] = [];
  return places.map(({ x, text }) => {
    const free = ends.findIndex((end) => x >= end);
    const line = free < 0 ? ends.length : free;
    ends[line] = x + widthOf(text) + 8;
    return line;
  });
}
