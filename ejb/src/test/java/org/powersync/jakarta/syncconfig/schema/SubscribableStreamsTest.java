package org.powersync.jakarta.syncconfig.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.syncconfig.SyncConfig;
import org.powersync.jakarta.syncconfig.TableName;

class SubscribableStreamsTest {
  private static final SourceSchema SOURCE =
      new SourceSchema(
          List.of(
              new SourceSchema.Table(
                  new TableName("default", "public", "todos"),
                  List.of(
                      SourceSchema.Column.ofPostgres("id", "uuid"),
                      SourceSchema.Column.ofPostgres("list_id", "uuid"),
                      SourceSchema.Column.ofPostgres("size", "int4"))),
              new SourceSchema.Table(
                  new TableName("default", "public", "members"),
                  List.of(
                      SourceSchema.Column.ofPostgres("list_id", "uuid"),
                      SourceSchema.Column.ofPostgres("weight", "float8")))));

  @Test
  void parametersHaveTheTypesOfWhatTheyAreComparedWith() {
    assertThat(
            streams(
                """
                  s:
                    query: >
                      SELECT * FROM todos
                       WHERE list_id = subscription.parameter('list')
                         AND size = subscription.parameter('size')
                         AND size / 2 = subscription.parameter('half')
                """))
        .containsExactly(
            new ClientSchema.Stream(
                "s",
                List.of(
                    parameter("half", ClientType.INTEGER),
                    parameter("list", ClientType.TEXT),
                    parameter("size", ClientType.INTEGER))));
  }

  @Test
  void parametersOfLookupsCountAsWell() {
    assertThat(
            streams(
                """
                  s:
                    query: >
                      SELECT * FROM todos WHERE list_id IN
                        (SELECT list_id FROM members WHERE weight = subscription.parameter('w'))
                """))
        .containsExactly(new ClientSchema.Stream("s", List.of(parameter("w", ClientType.REAL))));
  }

  @Test
  void otherUsesAndContradictionsLeaveTheTypeOpen() {
    assertThat(
            streams(
                    """
                  s:
                    queries:
                      - SELECT * FROM todos WHERE list_id = subscription.parameter('both')
                      - SELECT * FROM todos WHERE size = subscription.parameter('both')
                      - SELECT * FROM todos WHERE subscription.parameter('flag')
                      - SELECT * FROM todos WHERE list_id IN subscription.parameter('lists')
                """)
                .get(0)
                .parameters())
        .containsExactlyInAnyOrder(
            new ClientSchema.Parameter("both", Optional.empty()),
            new ClientSchema.Parameter("flag", Optional.empty()),
            new ClientSchema.Parameter("lists", Optional.empty()));
  }

  @Test
  void streamsThatComeByDefaultNeedNoFunction() {
    assertThat(streams("  s:\n    auto_subscribe: true\n    query: SELECT * FROM todos\n"))
        .isEmpty();
  }

  private static List<ClientSchema.Stream> streams(String streams) {
    SyncConfig config =
        SyncConfig.load("config:\n  edition: 3\nstreams:\n" + streams, "public")
            .config()
            .orElseThrow();
    return ClientSchema.of(config, SOURCE).streams();
  }

  private static ClientSchema.Parameter parameter(String name, ClientType type) {
    return new ClientSchema.Parameter(name, Optional.of(type));
  }
}
