import { ModelPage } from './detail.tsx';
import { ModelsPage } from './page.tsx';

/** The models, or the one that the address names. */
export function ModelsPages({ detail }: { detail: string | undefined }) {
  return detail === undefined ? <ModelsPage /> : <ModelPage id={detail} />;
}
