// What both clients do: one command gives one answer. The Java test says what to do and judges.

/** The application's backend, as the test plays it: tokens to fetch, writes to take. */
class Backend {
  constructor(service, backend) {
    this.service = service;
    this.backend = backend;
  }

  async fetchCredentials() {
    const answer = await fetch(`${this.backend}/token`);
    return { endpoint: this.service, token: await answer.text() };
  }

  async uploadData(database) {
    const batch = await database.getCrudBatch(100);
    if (!batch) {
      return;
    }
    const writes = batch.crud.map((entry) => ({ op: entry.op, table: entry.table, id: entry.id, data: entry.opData ?? null }));
    const answer = await fetch(`${this.backend}/upload`, { method: 'POST', body: JSON.stringify(writes) });
    if (!answer.ok) {
      throw new Error(`upload refused with ${answer.status}`);
    }
    await batch.complete();
  }
}

/** The tables of the local database. */
export function schema({ Schema, Table, column }) {
  return new Schema({
    lists: new Table({ name: column.text, owner_id: column.text }),
    todos: new Table({ list_id: column.text, description: column.text })
  });
}

/** Commands by name, on an opened database. */
export class Client {
  constructor(sdk, database, { service, backend, transport, checkpoints }) {
    this.database = database;
    this.connector = new Backend(service, backend);
    this.options = {
      connectionMethod: sdk.SyncStreamConnectionMethod[transport],
      retryDelayMs: 500,
      crudUploadThrottleMs: 100,
      ...(checkpoints ? { checkpointMode: checkpoints } : {})
    };
    this.subscriptions = [];
  }

  async run({ command, argument }) {
    return (await this[command](argument)) ?? null;
  }

  async connect() {
    await this.database.connect(this.connector, this.options);
  }

  async disconnect() {
    await this.database.disconnect();
  }

  async query(sql) {
    return await this.database.getAll(sql);
  }

  async execute(sql) {
    await this.database.execute(sql);
  }

  async subscribe({ stream, parameters }) {
    this.subscriptions.push(await this.database.syncStream(stream, parameters).subscribe());
  }

  async status() {
    const status = this.database.currentStatus;
    return {
      connected: status.connected,
      synced: status.hasSynced ?? false,
      error: status.downloadError ? String(status.downloadError) : null
    };
  }

  async close() {
    await this.database.disconnect();
    await this.database.close();
  }
}

/** Numbers beyond what JSON holds become texts. */
export function json(value) {
  return JSON.stringify(value, (_, member) => (typeof member === 'bigint' ? member.toString() : member));
}
