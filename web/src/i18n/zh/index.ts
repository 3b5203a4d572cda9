// The first language: its shape is the type that every other language must have.
import { common, errors } from './common';
import { desk } from './desk';
import { gateway } from './gateway';
import { identity } from './identity';
import { overview } from './overview';
import type { telemetry } from './telemetry';

const zh = { common, errors, identity, gateway, desk, overview };
export default zh;
export type FirstStrings = typeof zh;
// With what is loaded later (i18n/index.ts).
export type Strings = FirstStrings & { telemetry: typeof telemetry };
