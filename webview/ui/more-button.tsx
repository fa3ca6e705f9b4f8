import type { Pages } from '../state/pages.ts';
import { ActionError } from './action-error.tsx';

/** Asks for the next page of a list, where there is one. */
export function MoreButton({ pages }: { pages: Pages<unknown> }) {
  const { more, loadingMore, moreError } = pages;
  return (
    <>
      <ActionError error={moreError} />
      {more && (
        <button type="button" class="button quiet more" disabled={loadingMore} onClick={more}>
          {loadingMore ? 'Loading more' : 'Show more'}
        </button>
      )}
    </>
  );
}
