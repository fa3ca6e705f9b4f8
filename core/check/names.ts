/** Which relations come with a statement, seen by what the catalogue knows before and after it. */
import type { Node, RangeVar } from 'libpg-query';
import type { Catalogue } from '../effects/catalogue.ts';
import type { Statement } from '../sql/statement.ts';
import { as } from './tree.ts';

export interface NewNames {
  come: string[];
  /** It is an old relation under a new name. */
  movedFrom?: string;
}

const ANY_CHANGE = /^(?:Create|View|Drop|Rename|Do$|Select|Call|Unknown)/;

/** Call it before a statement is applied, and what it returns afterwards. */
export function watchNames(statement: Statement, catalogue: Catalogue): () => NewNames {
  const tree = statement.tree as Node | undefined;
  const range = madeRange(tree);
  if (range) {
    const find = () => catalogue.resolve(range.schemaname, range.relname ?? '');
    const before = find();
    const known = before?.known ? before.name : undefined;
    return () => {
      const after = find()?.name;
      return { come: after === undefined || after === known ? [] : [after] };
    };
  }
  const rename = as(tree, 'RenameStmt');
  if (rename?.relation && rename.newname && /^OBJECT_(?:TABLE|VIEW|MATVIEW)$/.test(rename.renameType ?? ''))
    return watchMove(catalogue, rename.relation, undefined, rename.newname);
  const move = as(tree, 'AlterObjectSchemaStmt');
  if (move?.relation && move.newschema) return watchMove(catalogue, move.relation, move.newschema, undefined);
  const direct = tree !== undefined && !/^(?:Do|Select|Call|CreateSchema)$/.test(statement.kind);
  const renames = statement.operations.some(({ name }) => name.startsWith('rename_'));
  if (direct || !(renames || ANY_CHANGE.test(statement.kind))) return () => ({ come: [] });
  const before = namesOf(catalogue);
  return () => {
    const come = [...namesOf(catalogue)].filter((name) => !before.has(name));
    const [movedFrom] = renames ? [...before].filter((name) => catalogue.relation(name) === undefined) : [];
    return { come, ...(movedFrom === undefined ? {} : { movedFrom }) };
  };
}

function watchMove(
  catalogue: Catalogue,
  range: RangeVar,
  newSchema: string | undefined,
  newName: string | undefined,
): () => NewNames {
  const movedFrom = catalogue.resolve(range.schemaname, range.relname ?? '')?.name;
  if (movedFrom === undefined) return () => ({ come: [] });
  const dot = movedFrom.indexOf('.');
  const come = `${newSchema ?? movedFrom.slice(0, dot)}.${newName ?? movedFrom.slice(dot + 1)}`;
  return () => ({ come: [come], movedFrom });
}

/** What CREATE and SELECT INTO make. */
function madeRange(tree: Node | undefined): RangeVar | undefined {
  return (
    as(tree, 'CreateStmt')?.relation ??
    as(tree, 'CreateForeignTableStmt')?.base?.relation ??
    as(tree, 'CreateTableAsStmt')?.into?.rel ??
    as(tree, 'ViewStmt')?.view ??
    as(tree, 'CreateSeqStmt')?.sequence ??
    as(tree, 'SelectStmt')?.intoClause?.rel
  );
}

function namesOf(catalogue: Catalogue): Set<string> {
  const names = new Set<string>();
  for (const { name, known } of catalogue.relations()) if (known) names.add(name);
  return names;
}
