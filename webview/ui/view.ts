/** Which of its views a page shows: kept in the address, so that a reload and the way back find it. */
import { change, route } from '../routing/router.ts';

/** The view that `?view=` asks for, and how to go to another one. The first of `ids` is what there is without asking. */
export function useView<Id extends string>(ids: readonly [Id, ...Id[]]): [Id, (id: Id) => void] {
  const asked = route.value.query.view;
  const shown = ids.find((id) => id === asked) ?? ids[0];
  return [shown, (id) => change({ view: id === ids[0] ? undefined : id })];
}
