import type { FirstStrings } from '../zh';
import { common, errors } from './common';
import { desk } from './desk';
import { gateway } from './gateway';
import { identity } from './identity';
import { overview } from './overview';

const en: FirstStrings = { common, errors, identity, gateway, desk, overview };
export default en;
