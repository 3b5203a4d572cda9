// What a figure is counted in: the name on the axis, how a value reads, and whether values may be added up.
import { bytesText, countText, msText, percentText } from './numbers';

export interface Unit {
  name: string;
  adds: boolean;
  whole: boolean; // between two neighbouring values there is none
  text(value: number): string;
}

export const counted = (name: string): Unit => ({ name, adds: true, whole: true, text: countText });
export const lasting = (name: string): Unit => ({ name, adds: false, whole: false, text: msText });
export const share = (name: string): Unit => ({ name, adds: false, whole: false, text: (value) => percentText(value) });
export const sized = (name: string): Unit => ({ name, adds: true, whole: true, text: bytesText });
