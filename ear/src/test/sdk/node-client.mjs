// @powersync/node. Argument: {service, backend, transport, checkpoints, folder} as JSON.
import path from 'node:path';
import * as sdk from '@powersync/node';
import { Client, schema } from './client.mjs';
import { serve } from './program.mjs';

const settings = JSON.parse(process.argv[2]);
const database = new sdk.PowerSyncDatabase({
  schema: schema(sdk),
  database: {
    dbFilename: path.join(settings.folder, 'client.db'),
    implementation: { type: 'better-sqlite3' }
  },
  logger: { log: (record) => process.stderr.write(`${record.message} ${record.error ?? ''}\n`) }
});
const client = new Client(sdk, database, settings);
await serve((command) => client.run(command));
process.exit(0);
