/** Reads the schema of a live database for the engine; reads only. */
import type { ReadDatabase } from '../../schema/live.ts';
import { withDatabase } from './with-database.ts';

export const readDatabase: ReadDatabase = (url) =>
  withDatabase(url, {}, async ({ address, badge, connector }) => {
    const { product, version } = await connector.facts();
    return {
      dialect: address.dialect,
      database: address.host ? `${address.host}/${address.database}` : address.database,
      environment: badge.environment,
      server: `${product} ${version}`,
      schema: await connector.snapshot(),
    };
  });
