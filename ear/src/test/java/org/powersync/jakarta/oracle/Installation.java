package org.powersync.jakarta.oracle;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.e2e.ServiceSettings;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;
import org.powersync.jakarta.server.OutsideCompaction;
import org.powersync.jakarta.storage.CompactionOptions;
import org.powersync.jakarta.storage.GroupId;

/** A server with its two databases, and the faults that befall them. */
final class Installation implements AutoCloseable {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  final TestPostgres.Database source = TestPostgres.shared().createDatabase("oracle_source");
  final LibertyServer server;
  private final TestPostgres.Database storage =
      TestPostgres.shared().createDatabase("oracle_storage");

  Installation() {
    server =
        new LibertyServer(
            "oracle",
            ServiceSettings.of(source.uri(), storage.uri(), Optional.empty()),
            Map.of("JVM_ARGS", "-XX:TieredStopAtLevel=1"));
  }

  /** Deploys a sync config as an operator does, trying again while the server is not up to it. */
  void deploy(GeneratedConfig config) {
    Await.until(
        "the config is deployed, see " + server.output(),
        Duration.ofSeconds(60),
        () -> {
          HttpResponse<String> answer = deploy(config.yaml());
          if (answer.statusCode() >= 400 && answer.statusCode() < 500) {
            throw new AssertionError(answer.body() + "\n" + config.yaml());
          }
          return answer.statusCode() == 200;
        });
  }

  private HttpResponse<String> deploy(String yaml) throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(server.uri().resolve("/api/sync-rules/v1/deploy"))
            .header("Authorization", "Token admin-token-1")
            .header("Content-Type", "application/yaml")
            .timeout(Duration.ofSeconds(20))
            .POST(BodyPublishers.ofString(yaml))
            .build(),
        BodyHandlers.ofString());
  }

  /** Ends the connection that reads the log; the number of connections ended. */
  int endReplication() {
    return end("backend_type = 'walsender' AND datname = '" + source.name() + "'");
  }

  /** Ends every connection to the storage; the number of connections ended. */
  int endStorageConnections() {
    return end("datname = '" + storage.name() + "'");
  }

  private int end(String connections) {
    return source
        .query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE " + connections)
        .size();
  }

  /** Compacts all active streams, as another process of the service would. */
  void compact() {
    for (String stream :
        storage.query("SELECT id FROM powersync.sync_rules WHERE state = 'ACTIVE'")) {
      OutsideCompaction.run(
          storage, new GroupId(Integer.parseInt(stream)), CompactionOptions.DEFAULT);
    }
  }

  void leave(Evidence evidence) {
    evidence.storage(storage);
  }

  @Override
  public void close() {
    server.kill();
  }
}
