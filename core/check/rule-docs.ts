/** The rules as text: the pages of `docs/rules`, which `npm run docs:rules` writes, and `aibos check --rules`. */
import type { Rule } from './rule.ts';
import { BUILT_IN, RULES } from './rules/all.ts';

/** File name to content. */
export function ruleDocs(): Record<string, string> {
  return {
    'README.md': overview(),
    ...Object.fromEntries(RULES.map((rule) => [`${rule.id}.md`, page(rule)])),
  };
}

const GENERATED = '<!-- Written by npm run docs:rules from core/check/rules. Change it there. -->';

function overview(): string {
  const row = ({ id, severity, off, title }: Rule) =>
    `| [${id}](${id}.md) | ${off ? 'off' : severity} | ${title} |`;
  return `${[
    GENERATED,
    '# Rules of aibos check',
    'Each statement is judged on the schema that the files before it leave. Nothing is found on tables that the same migration makes (foreign keys of one that CREATE TABLE AS fills aside: they hold up the other table), or that `--stats` knows to be empty; on tiny tables a finding is lowered to a note, on large ones a warning becomes an error. `--rule ID=off|info|warning|error` changes a severity or switches a rule on.',
    ['| rule | severity | |', '| --- | --- | --- |', ...RULES.map(row)].join('\n'),
    '## Other findings',
    Object.entries(BUILT_IN)
      .map(([id, text]) => `- \`${id}\`: ${text}`)
      .join('\n'),
    '## Ignoring a finding',
    'A comment names the rules and says why. One without a reason ignores nothing, and one that ignores nothing is reported.',
    [
      '```sql',
      '-- aibos-ignore drop-column: nobody has read it since March',
      'ALTER TABLE users DROP COLUMN fax;',
      'CREATE INDEX a ON t (x); -- aibos-ignore-line index-not-concurrent: forty rows',
      '-- aibos-ignore-file drop-table, truncate-table: clean-up of the old shop',
      '```',
    ].join('\n'),
    '`aibos-ignore` is about the statement that follows or that it stands in, `aibos-ignore-line` about the line that follows or that it stands on, `aibos-ignore-file` about the whole file.',
  ].join('\n\n')}\n`;
}

function page(rule: Rule): string {
  const severity = rule.off ? `off (\`--rule ${rule.id}=${rule.severity}\` switches it on)` : rule.severity;
  const examples = rule.examples.flatMap(({ setup, bad, good, fix, format }) => [
    '## Example',
    ...(format ? [`Run by ${format}.`] : []),
    ...(setup === undefined ? [] : ['Before:', sql(setup)]),
    'Found:',
    sql(bad),
    ...(fix === undefined ? [] : ['What `fix` says:', sql(fix)]),
    `Not found${good.length > 1 ? ', each in a migration of its own' : ''}:`,
    ...good.map(sql),
  ]);
  return `${[
    GENERATED,
    `# ${rule.id}: ${rule.title}`,
    `Severity: ${severity}.${rule.bySize && !rule.off ? ' A note on tables known to be tiny, an error on large ones.' : ''}`,
    rule.why,
    rule.whatToDo,
    ...examples,
    '## Read more',
    rule.links.map((link) => `- <${link}>`).join('\n'),
  ].join('\n\n')}\n`;
}

function sql(text: string): string {
  return `\`\`\`sql\n${text}\n\`\`\``;
}

/** The page of one rule, for a terminal; undefined where there is no such rule. */
export function ruleText(id: string): string | undefined {
  const rule = RULES.find((known) => known.id === id);
  return rule && page(rule).replace(`${GENERATED}\n\n`, '').trimEnd();
}

/** For a terminal: one line a rule. */
export function rulesText(): string {
  const width = Math.max(...RULES.map(({ id }) => id.length));
  return RULES.map(
    ({ id, severity, off, title }) => `${id.padEnd(width)}  ${(off ? 'off' : severity).padEnd(7)}  ${title}`,
  ).join('\n');
}
