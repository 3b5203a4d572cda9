import type { Strings } from '../zh';
import { common, errors } from './common';
import { desk } from './desk';
import { gateway } from './gateway';
import { identity } from './identity';
import { overview } from './overview';

const en: Strings = { common, errors, identity, gateway, desk, overview };
export default en;
