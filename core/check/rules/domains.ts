/** Constraints of domains, which are checked on every table that uses them. */
import { ident, madeName, sqlOf } from '../rewrite/sql.ts';
import type { Step } from '../rewrite/steps.ts';
import type { Rule } from '../rule.ts';
import { as, strings } from '../tree.ts';
import { LINKS } from './links.ts';

export const domainConstraintValidates: Rule = {
  id: 'domain-constraint-validates',
  severity: 'warning',
  title: 'Constraint of a domain tested on every table that uses it',
  why: 'ALTER DOMAIN … ADD CONSTRAINT reads every table with a column of the domain while writes to them wait.',
  whatToDo: 'Add it as NOT VALID and VALIDATE it in a later migration.',
  links: [LINKS.alterDomain],
  examples: [
    {
      setup: 'CREATE DOMAIN positive AS int;\nCREATE TABLE orders (total positive);',
      bad: 'ALTER DOMAIN positive ADD CONSTRAINT above_zero CHECK (VALUE > 0);',
      good: [
        'ALTER DOMAIN positive ADD CONSTRAINT above_zero CHECK (VALUE > 0) NOT VALID;',
        'ALTER DOMAIN positive VALIDATE CONSTRAINT above_zero;',
      ],
      fix: '-- 1. First.\nALTER DOMAIN positive ADD CONSTRAINT above_zero CHECK (value > 0) NOT VALID;\n-- 2. In the next migration.\nALTER DOMAIN positive VALIDATE CONSTRAINT above_zero;',
    },
  ],
  check({ tree, catalogue, migration, tables }) {
    const alter = as(tree, 'AlterDomainStmt');
    const constraint = as(alter?.def, 'Constraint');
    if (!alter || constraint?.contype !== 'CONSTR_CHECK' || constraint.skip_validation) return [];
    const type = strings(alter.typeName).at(-1) ?? '';
    if (migration.madeTypes.has(type)) return [];
    const used = [...catalogue.relations()].find(
      ({ name, columns }) =>
        tables.inUse(name) && [...columns.values()].some((column) => column.type.split('.').at(-1) === type),
    );
    if (!used) return [];
    const domain = strings(alter.typeName).map(ident).join('.');
    const name = constraint.conname ?? madeName(type, 'check');
    const expression = constraint.raw_expr ? sqlOf(constraint.raw_expr) : '';
    const steps: Step[] = [
      { sql: [`ALTER DOMAIN ${domain} ADD CONSTRAINT ${ident(name)} CHECK (${expression}) NOT VALID`] },
      { note: '', sql: [`ALTER DOMAIN ${domain} VALIDATE CONSTRAINT ${ident(name)}`] },
    ];
    return [
      {
        message: `The constraint is tested on every row that uses ${type}, ${used.name} among them, while writes wait.`,
        relation: used.name,
        mark: constraint.conname ?? 'constraint',
        rewrite: { steps },
      },
    ];
  },
};
