/** The size of a table, written behind its name where a statement is about it. Pure. */

import { type InlayHint, InlayHintKind, type Range } from 'vscode-languageserver/node';
import { tokenize } from '../../../core/sql/tokens.ts';
import { t } from '../../text.ts';
import type { Judged } from './messages.ts';
import { sizeText } from './wording.ts';

/** @param positionAt place of a UTF-16 offset */
export function inlayHintsOf(
  judged: Judged,
  text: string,
  positionAt: (offset: number) => Range['start'],
  within: Range,
): InlayHint[] {
  if (judged.script) return [];
  return judged.file.statements.flatMap((statement) => {
    const place = judged.places[statement.index];
    if (!place || statement.endLine - 1 < within.start.line || statement.line - 1 > within.end.line)
      return [];
    const tables = new Set([...statement.locks.map(({ relation }) => relation), ...statement.objects]);
    return [...tables].flatMap((relation): InlayHint[] => {
      const size = judged.sizes[relation];
      if (!size || judged.made.includes(relation)) return [];
      const end = firstMention(text.slice(place.start, place.end), relation, judged.dialect);
      if (end === undefined) return [];
      return [
        {
          position: positionAt(place.start + end),
          label: sizeText(size),
          kind: InlayHintKind.Type,
          paddingLeft: true,
          tooltip: t('{0}: from table statistics, without indexes', relation),
        },
      ];
    });
  });
}

/** Offset behind the first place where a statement names the relation. */
function firstMention(text: string, relation: string, dialect: Judged['dialect']): number | undefined {
  const local = (relation.split('.').at(-1) ?? relation).toLowerCase();
  return tokenize(text.slice(0, 20_000), dialect).find(({ kind, start, end }) => {
    if (kind !== 'word' && kind !== 'quoted') return false;
    const word = text.slice(start, end);
    return (kind === 'quoted' ? word.slice(1, -1) : word).toLowerCase() === local;
  })?.end;
}
