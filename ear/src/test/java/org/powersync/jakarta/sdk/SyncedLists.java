package org.powersync.jakarta.sdk;

import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.e2e.ServiceSettings;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/** Lists with to-dos of two users at a source, the service that syncs them, and their backend. */
final class SyncedLists implements AutoCloseable {
  private static final String SYNC_CONFIG =
      """
      config:
        edition: 2
      bucket_definitions:
        by_owner:
          parameters: SELECT request.user_id() AS owner
          data:
            - SELECT id, name, owner_id FROM lists WHERE owner_id = bucket.owner
        by_list:
          parameters: SELECT id AS list FROM lists WHERE owner_id = request.user_id()
          data:
            - SELECT id, list_id, description FROM todos WHERE list_id = bucket.list
      """;

  private final TestPostgres.Database source = TestPostgres.shared().createDatabase("sdk_source");
  private final LibertyServer server;
  private final Backend backend;

  /**
   * @param name of the server's output folder
   */
  SyncedLists(String name) {
    TestPostgres.Database storage = TestPostgres.shared().createDatabase("sdk_storage");
    source.execute(
        "CREATE TABLE lists (id text PRIMARY KEY, name text, owner_id text)",
        "CREATE TABLE todos (id text PRIMARY KEY, list_id text, description text)",
        "CREATE PUBLICATION powersync FOR TABLE lists, todos",
        "INSERT INTO lists VALUES ('l-ann', 'Groceries', 'ann'), ('l-bob', 'Work', 'bob')",
        "INSERT INTO todos VALUES ('t-ann', 'l-ann', 'Milk'), ('t-bob', 'l-bob', 'Report')");
    server =
        new LibertyServer(
                name,
                ServiceSettings.of(source.uri(), storage.uri(), Optional.of(SYNC_CONFIG)),
                Map.of())
            .start()
            .awaitReady();
    backend = new Backend(source);
  }

  TestPostgres.Database source() {
    return source;
  }

  LibertyServer server() {
    return server;
  }

  Backend backend() {
    return backend;
  }

  @Override
  public void close() {
    server.close();
    backend.close();
  }
}
