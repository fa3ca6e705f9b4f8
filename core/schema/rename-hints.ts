/** Finds differences that look like a renaming: something went, and something much like it came. */
import type { Difference, RenameHint } from './difference.ts';
import { nameOf, type Relation } from './snapshot.ts';

/** Below this, two tables have too little in common to be named together. */
const LEAST_LIKENESS = 0.6;

/** Likeliest first; nothing is named twice. */
export function renameHints(differences: readonly Difference[]): RenameHint[] {
  return [...tables(differences), ...columns(differences), ...parts(differences)];
}

function tables(differences: readonly Difference[]): RenameHint[] {
  const of = (verb: 'added' | 'removed') =>
    differences.flatMap((difference): Relation[] => {
      const isTable = difference.kind === `table_${verb}` || difference.kind === `partitioned_table_${verb}`;
      return isTable ? [(difference.after ?? difference.before) as Relation] : [];
    });
  const pairs = of('removed').flatMap((was) =>
    of('added').map((is) => ({
      what: 'table' as const,
      from: nameOf(was),
      to: nameOf(is),
      likeness: share(
        was.columns.map(({ name, type }) => `${name} ${type}`),
        is.columns.map(({ name, type }) => `${name} ${type}`),
      ),
    })),
  );
  return best(pairs.filter(({ likeness }) => likeness >= LEAST_LIKENESS));
}

function columns(differences: readonly Difference[]): RenameHint[] {
  const added = differences.filter((difference) => difference.kind === 'column_added');
  const removed = differences.filter((difference) => difference.kind === 'column_removed');
  const pairs = removed.flatMap((was) =>
    added
      .filter((is) => is.relation === was.relation && is.after.type === was.before.type)
      .map((is) => {
        const facts = (column: typeof is.after) => [
          `nullable ${column.nullable}`,
          `default ${column.expression}`,
          `identity ${column.identity}`,
        ];
        const same = share(facts(was.before), facts(is.after));
        const alike = share(words(was.before.name), words(is.after.name));
        return {
          what: 'column' as const,
          from: was.object,
          to: is.object,
          likeness: round((1 + same + alike) / 3),
        };
      }),
  );
  return best(pairs.filter(({ likeness }) => likeness >= LEAST_LIKENESS));
}

/** Indexes and constraints of one relation that differ in nothing but the name. */
function parts(differences: readonly Difference[]): RenameHint[] {
  return (['index', 'constraint'] as const).flatMap((what) => {
    const of = (verb: 'added' | 'removed') =>
      differences.flatMap((difference) => {
        if (difference.kind !== `${what}_${verb}`) return [];
        const { name, definition } = (difference.after ?? difference.before) as {
          name: string;
          definition: string;
        };
        const { relation, object } = difference;
        return [{ object, text: `${relation} ${definition.replace(name, '').replace(`"${name}"`, '')}` }];
      });
    const added = of('added');
    return best(
      of('removed').flatMap((was) =>
        added
          .filter((is) => is.text === was.text)
          .map((is) => ({ what, from: was.object, to: is.object, likeness: 1 })),
      ),
    );
  });
}

function best(pairs: readonly RenameHint[]): RenameHint[] {
  const used = new Set<string>();
  return [...pairs]
    .sort((a, b) => b.likeness - a.likeness)
    .filter(({ from, to }) => {
      if (used.has(`from ${from}`) || used.has(`to ${to}`)) return false;
      used.add(`from ${from}`).add(`to ${to}`);
      return true;
    });
}

/** Share of two lists that they have in common (Jaccard). */
function share(a: readonly string[], b: readonly string[]): number {
  const all = new Set([...a, ...b]);
  const both = a.filter((item) => b.includes(item)).length;
  return all.size === 0 ? 1 : round(both / all.size);
}

function words(name: string): string[] {
  return name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[_\W]+/);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
