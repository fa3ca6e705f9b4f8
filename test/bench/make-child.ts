/** Makes a store of so many events, in a process of its own. */
import { storeOf } from './million.ts';

const [folder = '', count = '0'] = process.argv.slice(2);
await storeOf(folder, Number(count));
process.exit(0);
