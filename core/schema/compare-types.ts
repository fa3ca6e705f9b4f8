/** Differences between two states of a type, a sequence or a routine, and of what is said about any object. */
import { difference } from './comparator.ts';
import type { Difference } from './difference.ts';
import { nameOf, type Routine, routineName, type Sequence, type UserType } from './snapshot.ts';

export function compareType(was: UserType, is: UserType): Difference[] {
  const name = nameOf(is);
  if (was.kind === 'enum' && is.kind === 'enum') {
    return [...compareLabels(name, was.labels, is.labels), ...describedChanges(name, was, is)];
  }
  if (was.kind !== is.kind || is.kind === 'enum') {
    return [difference('type_kind_changed', name, { before: was, after: is })];
  }
  return [
    ...(bare(was) === bare(is) ? [] : [difference(`${is.kind}_changed`, name, { before: was, after: is })]),
    ...describedChanges(name, was, is),
  ];
}

function compareLabels(name: string, before: readonly string[], after: readonly string[]): Difference[] {
  const added = after.filter((label) => !before.includes(label));
  const removed = before.filter((label) => !after.includes(label));
  const kept = (labels: readonly string[], others: readonly string[]) =>
    labels.filter((label) => others.includes(label));
  const reordered = kept(before, after).join('\n') !== kept(after, before).join('\n');
  return [
    ...added.map((label) => difference('enum_value_added', `${name}.${label}`, { after: label })),
    ...removed.map((label) => difference('enum_value_removed', `${name}.${label}`, { before: label })),
    ...(reordered ? [difference('enum_reordered', name, { before: [...before], after: [...after] })] : []),
  ];
}

export function compareSequence(was: Sequence, is: Sequence): Difference[] {
  const name = nameOf(is);
  return [
    ...(bare(was) === bare(is) ? [] : [difference('sequence_changed', name, { before: was, after: is })]),
    ...describedChanges(name, was, is),
  ];
}

export function compareRoutine(was: Routine, is: Routine): Difference[] {
  const name = routineName(is);
  const signature = (routine: Routine) => [routine.kind, routine.arguments, routine.result ?? ''].join('\n');
  const found: Difference[] = [];
  if (signature(was) !== signature(is))
    found.push(difference('function_signature_changed', name, { before: was, after: is }));
  else if (bare(was) !== bare(is))
    found.push(difference('function_changed', name, { before: was, after: is }));
  return [...found, ...describedChanges(name, was, is)];
}

interface Described {
  comment?: string;
  grants?: string[];
}

/** Changes of comment and grants. */
export function describedChanges(
  object: string,
  was: Described,
  is: Described,
  relation?: string,
): Difference[] {
  const found: Difference[] = [];
  if (was.comment !== is.comment)
    found.push(difference('comment_changed', object, { before: was.comment, after: is.comment }, relation));
  const [before, after] = [[...(was.grants ?? [])].sort(), [...(is.grants ?? [])].sort()];
  if (before.join('\n') !== after.join('\n'))
    found.push(difference('grants_changed', object, { before, after }, relation));
  return found;
}

/** Without comment and grants. */
function bare(object: Described): string {
  return JSON.stringify({ ...object, comment: '', grants: '' });
}
