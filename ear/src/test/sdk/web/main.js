// The page that web-client.mjs opens.
import * as sdk from '@powersync/web';
import { Client, json, schema } from '../client.mjs';

window.start = async (settings) => {
  const database = new sdk.PowerSyncDatabase({
    schema: schema(sdk),
    database: { dbFilename: 'client.db' },
    logger: { log: (record) => console.log(`${record.message} ${record.error ?? ''}`) }
  });
  await database.init();
  const client = new Client(sdk, database, settings);
  window.run = async (command) => JSON.parse(json(await client.run(command)));
};
