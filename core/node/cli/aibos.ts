/** Entry point of the `aibos` bundle. */
import { main } from './main.ts';

// A reader that has had enough, such as `aibos report | head`, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await main(process.argv.slice(2));
