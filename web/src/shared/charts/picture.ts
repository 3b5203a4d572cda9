// A chart as a picture: the drawing with every colour as it is now, under its title and legend.
import { saveFile } from './files';
import { widthOf } from './text';

const painted = ['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-opacity', 'opacity', 'font-size', 'font-family', 'font-weight', 'text-anchor', 'dominant-baseline', 'font-variant-numeric'];
const svgSpace = 'http://www.w3.org/2000/svg';
const scale = 2;
const edge = 16;

function put(parent: Element, name: string, attributes: Record<string, string | number>, text = '') {
  const made = document.createElementNS(svgSpace, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.textContent = text;
  parent.append(made);
}

export interface Titled {
  title: string;
  note: string;
  legend: { name: string; color: string }[];
}

export function pictureOf(plot: SVGSVGElement, { title, note, legend }: Titled): { svg: string; width: number; height: number } {
  const copy = plot.cloneNode(true) as SVGSVGElement;
  const originals = [plot, ...plot.querySelectorAll('*')];
  [copy, ...copy.querySelectorAll('*')].forEach((element, index) => {
    const style = getComputedStyle(originals[index]!);
    for (const name of painted) if (style.getPropertyValue(name)) element.setAttribute(name, style.getPropertyValue(name));
    element.removeAttribute('class');
    element.removeAttribute('style');
  });
  const page = getComputedStyle(document.documentElement);
  const color = (text: string) => text.replace(/^var\((--[\w-]+)\)$/, (_, name: string) => page.getPropertyValue(name).trim() || 'currentColor');
  const [plotWidth, plotHeight] = [Number(plot.getAttribute('width')), Number(plot.getAttribute('height'))];
  const head = legend.length > 1 ? 72 : 48;
  const [width, height] = [plotWidth + 2 * edge, plotHeight + head + edge];
  const root = document.createElementNS(svgSpace, 'svg');
  for (const [key, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}`, 'font-family': 'sans-serif' })) root.setAttribute(key, String(value));
  put(root, 'rect', { width, height, fill: color('var(--surface)') });
  put(root, 'text', { x: edge, y: 24, 'font-size': 15, 'font-weight': 600, fill: color('var(--text)') }, title);
  put(root, 'text', { x: edge, y: 42, 'font-size': 12, fill: color('var(--text-2)') }, note);
  let x = edge;
  if (legend.length > 1) {
    for (const one of legend) {
      put(root, 'rect', { x, y: 53, width: 10, height: 10, fill: color(one.color) });
      put(root, 'text', { x: x + 14, y: 62, 'font-size': 12, fill: color('var(--text)') }, one.name);
      x += 30 + widthOf(one.name);
    }
  }
  copy.setAttribute('x', String(edge));
  copy.setAttribute('y', String(head));
  root.append(copy);
  return { svg: new XMLSerializer().serializeToString(root), width, height };
}

export async function savePicture(plot: SVGSVGElement, titled: Titled) {
  const { svg, width, height } = pictureOf(plot, titled);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width * scale, height * scale];
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  const content = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (content) saveFile(`${titled.title}.png`, content);
}
