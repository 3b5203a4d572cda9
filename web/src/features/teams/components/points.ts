// What the settings of the teams mean, by example. Pure.
export const pointsMax = 1000;
const priorityMax = 1000;
const reasonsMax = 30;
const charsMax = 32;

const minutesFor = (priority: number, points: number) => Math.round((priority / points) * 10) / 10;

// Ten minutes' worth, or the most that there is.
export function exampleOf(points: number) {
  const ahead = Math.min(priorityMax, points * 10);
  return { ahead, minutes: minutesFor(ahead, points), most: minutesFor(priorityMax, points) };
}

// Reasons as they are written: trimmed, each once, not too long.
export const reasonsOf = (written: string[]) => [...new Set(written.map((one) => [...one.trim()].slice(0, charsMax).join('')).filter(Boolean))].slice(0, reasonsMax);
