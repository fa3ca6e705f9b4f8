/** Declares `aibos export`, `erase`, `audit …` and `keys …`; what they do is loaded when they are called. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { ROLES } from '../../contract/methods.ts';
import type { Run } from './schema-commands.ts';

export function declareExport(command: Command, run: Run): void {
  about(command)
    .option('-o, --output <file>', 'file to write instead of standard output')
    .action(run(async (options) => (await import('./commands/privacy.ts')).exportCommand(options as never)));
}

export function declareErase(command: Command, run: Run): void {
  about(command)
    .option('--before <time>', 'only what is older than this time or day (UTC)')
    .option('--now', 'at once, without a day in which it can be had back; alone: all that was ordered')
    .option('--undo <id>', 'take an order back')
    .option('-y, --yes', 'for programs: do not ask')
    .addHelpText(
      'after',
      '\nSays how many events it would be, and asks. Ends with 1 where nothing was erased.',
    )
    .action(run(async (options) => (await import('./commands/privacy.ts')).eraseCommand(options as never)));
}

export function declareAudit(audit: Command, run: Run): void {
  shared(audit.command('verify').description('check that nobody changed or took out an entry'))
    .option('--head <hash>', 'a hash that was kept elsewhere: it must be in the trail')
    .addHelpText('after', '\nEnds with 1 where the trail is broken.')
    .action(
      run(async (options) => (await import('./commands/audit.ts')).auditVerifyCommand(options as never)),
    );
  shared(audit.command('list').description('who changed what, newest first'))
    .option('--method <name>', 'only calls of this method')
    .option('--user <pseudonym>', 'only what this person did')
    .addOption(new Option('--limit <number>', 'at most so many; 50 if not given').argParser(positive))
    .action(run(async (options) => (await import('./commands/audit.ts')).auditListCommand(options as never)));
}

export function declareKeys(keys: Command, run: Run): void {
  shared(keys.command('list').description('list the keys, without their secrets')).action(
    run(async (options) => (await import('./commands/keys.ts')).keysListCommand(options)),
  );
  shared(keys.command('create').description('make a key; its secret is printed once'))
    .argument('<name>', 'who or what it is for')
    .addOption(new Option('--role <role>', 'what it may do').choices(ROLES).default('viewer'))
    .option('--expires <time>', 'when it ends, for example 2027-01-31T00:00:00Z')
    .action((name: string, own: object) =>
      run(async (options) => (await import('./commands/keys.ts')).keysCreateCommand(name, options as never))(
        own,
      ),
    );
  shared(keys.command('revoke').description('revoke a key at once'))
    .argument('<id>')
    .action((id: string, own: object) =>
      run(async (options) => (await import('./commands/keys.ts')).keysRevokeCommand(id, options))(own),
    );
}

function about(command: Command): Command {
  return command
    .option('--user <pseudonym>', 'only what this person did, by the pseudonym that is stored')
    .option('--workspace <name>', 'only what belongs to it');
}

function shared(command: Command): Command {
  return command
    .addOption(new Option('--format <format>').choices(['text', 'json']).hideHelp())
    .addOption(new Option('--data-dir <folder>').hideHelp());
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It must be 1 or more.');
  return value;
}
