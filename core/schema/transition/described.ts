/** COMMENT ON, GRANT and REVOKE: what is said about objects, for those that are new and those that stay. */
import type { Relation, Routine, SchemaSnapshot, UserType } from '../snapshot.ts';
import { identity } from '../snapshot.ts';
import { literal, qualified, quoted } from './names.ts';

interface Described {
  /** As COMMENT ON and GRANT ON name it. */
  comment: string;
  grant?: string;
  /** What everybody may do with it unless revoked. */
  standard?: string;
  object: { comment?: string; grants?: string[] };
  column?: string;
  /** Key of the part by whose making it loses what was said. */
  part: string;
}

/**
 * Statements after which everything is said about the objects of `after` that is to be said.
 *
 * @param isNew whether the part of this key is made anew, so that nothing is said about it yet
 */
export function describedSteps(
  before: SchemaSnapshot,
  after: SchemaSnapshot,
  isNew: (part: string) => boolean,
): string[] {
  const was = new Map(describedObjects(before).map((item) => [item.comment, item]));
  return describedObjects(after).flatMap((item) => {
    const old = isNew(item.part) ? undefined : was.get(item.comment)?.object;
    const steps: string[] = [];
    if (old?.comment !== item.object.comment) {
      const text = item.object.comment === undefined ? 'NULL' : literal(item.object.comment);
      steps.push(`COMMENT ON ${item.comment} IS ${text}`);
    }
    return item.grant === undefined ? steps : [...steps, ...grantSteps(item, old)];
  });
}

function grantSteps(
  { grant = '', standard, object, column }: Described,
  old?: Described['object'],
): string[] {
  const effective = (grants: readonly string[] | undefined) =>
    (grants ?? (standard ? [`${standard} TO PUBLIC`] : [])).filter((one) => one !== 'NONE');
  const [had, has] = [effective(old?.grants), effective(object.grants)];
  const on = column === undefined ? '' : ` (${column})`;
  const split = (one: string) => /^(.*) TO (.*?)( WITH GRANT OPTION)?$/.exec(one) ?? [];
  return [
    ...had
      .filter((one) => !has.includes(one))
      .map((one) => {
        const [, privilege, role] = split(one);
        return `REVOKE ${privilege}${on} ON ${grant} FROM ${role}`;
      }),
    ...has
      .filter((one) => !had.includes(one))
      .map((one) => {
        const [, privilege, role, option = ''] = split(one);
        return `GRANT ${privilege}${on} ON ${grant} TO ${role}${option}`;
      }),
  ];
}

function describedObjects(snapshot: SchemaSnapshot): Described[] {
  return [
    ...snapshot.namespaces.map((object): Described => {
      const name = `SCHEMA ${quoted(object.name)}`;
      return { comment: name, grant: name, object, part: `namespace ${object.name}` };
    }),
    ...snapshot.types.map(
      (object): Described => ({
        comment: `${object.kind === 'domain' ? 'DOMAIN' : 'TYPE'} ${qualified(object)}`,
        grant: `${object.kind === 'domain' ? 'DOMAIN' : 'TYPE'} ${qualified(object)}`,
        standard: 'USAGE',
        object: object as UserType,
        part: `type ${identity('types', object)}`,
      }),
    ),
    ...snapshot.sequences.map((object): Described => {
      const name = `SEQUENCE ${qualified(object)}`;
      return { comment: name, grant: name, object, part: `sequence ${identity('sequences', object)}` };
    }),
    ...snapshot.routines.map(describedRoutine),
    ...snapshot.relations.flatMap(describedRelation),
  ];
}

function describedRoutine(object: Routine): Described {
  const star = object.kind === 'aggregate' && object.argumentTypes === '' ? '*' : object.argumentTypes;
  const name = `${qualified(object)}(${star})`;
  const word = object.kind === 'window' ? 'FUNCTION' : object.kind.toUpperCase();
  return {
    comment: `${word} ${name}`,
    grant: `${object.kind === 'procedure' ? 'PROCEDURE' : 'FUNCTION'} ${qualified(object)}(${object.argumentTypes})`,
    standard: 'EXECUTE',
    object,
    part: `routine ${identity('routines', object)}`,
  };
}

function describedRelation(relation: Relation): Described[] {
  const name = qualified(relation);
  const words = {
    table: 'TABLE',
    partitioned_table: 'TABLE',
    view: 'VIEW',
    materialized_view: 'MATERIALIZED VIEW',
    foreign_table: 'FOREIGN TABLE',
  };
  const part = `relation ${identity('relations', relation)}`;
  const owned = (kind: string, item: { name: string; comment?: string }, place: string): Described => ({
    comment: place,
    object: item,
    part: `${kind} ${identity('relations', relation)}.${item.name}`,
  });
  return [
    { comment: `${words[relation.kind]} ${name}`, grant: `TABLE ${name}`, object: relation, part },
    ...relation.columns.map(
      (column): Described => ({
        comment: `COLUMN ${name}.${quoted(column.name)}`,
        grant: `TABLE ${name}`,
        column: quoted(column.name),
        object: column,
        part: `column ${identity('relations', relation)}.${column.name}`,
      }),
    ),
    ...relation.constraints.map((item) =>
      owned(
        item.type === 'foreign key' ? 'foreign key' : 'constraint',
        item,
        `CONSTRAINT ${quoted(item.name)} ON ${name}`,
      ),
    ),
    ...relation.indexes.map((item) =>
      owned('index', item, `INDEX ${qualified({ schema: relation.schema, name: item.name })}`),
    ),
    ...relation.triggers.map((item) => owned('trigger', item, `TRIGGER ${quoted(item.name)} ON ${name}`)),
    ...relation.policies.map((item) => owned('policy', item, `POLICY ${quoted(item.name)} ON ${name}`)),
  ];
}
