/** The safe form of a call in a migration of Rails, in Ruby. */

/** A call that stands on one line: its name, and what it is given. */
interface OneLine {
  name: string;
  given: string;
}

const OWN_MIGRATION = '# In a migration of its own:';

/**
 * What to write instead, by the rule that a call has broken; undefined where the call does not stand on one line, or is
 * not the one that the rule is about.
 *
 * @param line of the migration, with the call
 */
export function railsFix(rule: string, line: string): string | undefined {
  const call = oneLine(line);
  if (!call) return undefined;
  const { name, given } = call;
  const [table, second] = given.split(/,\s*/);
  const options = given.split(/,\s*/).filter((part) => /^(?:name|column):/.test(part));
  const [relation, column] = [table, second].map((word) => word?.replace(/^:|^["']|["']$/g, ''));
  switch (`${rule} ${name}`) {
    case 'index-not-concurrent add_index':
    case 'drop-index-not-concurrent remove_index':
      return outside(`${name} ${given}, algorithm: :concurrently`);
    case 'foreign-key-validates add_foreign_key':
      return [
        `add_foreign_key ${given}, validate: false`,
        OWN_MIGRATION,
        `validate_foreign_key ${[table, second, ...options].join(', ')}`,
      ].join('\n');
    case 'check-validates add_check_constraint': {
      const named = options.find((option) => option.startsWith('name:'));
      if (named === undefined) return undefined;
      return [
        `add_check_constraint ${given}, validate: false`,
        OWN_MIGRATION,
        `validate_check_constraint ${table}, ${named}`,
      ].join('\n');
    }
    case 'set-not-null-scans change_column_null': {
      const check = `name: "${relation}_${column}_null"`;
      return [
        `add_check_constraint ${table}, "${column} IS NOT NULL", ${check}, validate: false`,
        OWN_MIGRATION,
        `validate_check_constraint ${table}, ${check}`,
        `change_column_null ${given}`,
        `remove_check_constraint ${table}, ${check}`,
      ].join('\n');
    }
    case 'drop-column remove_column':
      return [
        `# In the model, deployed before: self.ignored_columns += ["${column}"]`,
        `remove_column ${given}`,
      ].join('\n');
    default:
      return undefined;
  }
}

function outside(call: string): string {
  return ['disable_ddl_transaction!', '', 'def change', `  ${call}`, 'end'].join('\n');
}

/** `name given` or `name(given)`, without a condition behind it, a block or a further line. */
function oneLine(line: string): OneLine | undefined {
  const text = line.replace(/\s#.*$/, '').trim();
  const [, name, inBrackets, bare] = /^(\w+)(?:\((.*)\)|\s+(.*))$/.exec(text) ?? [];
  const given = inBrackets ?? bare;
  if (name === undefined || !given || /,$|\s(?:if|unless|do)\b|[{|]|<<[~-]/.test(given)) return undefined;
  return { name, given };
}
