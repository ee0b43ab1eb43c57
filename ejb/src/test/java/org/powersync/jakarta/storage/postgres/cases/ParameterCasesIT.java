package org.powersync.jakarta.storage.postgres.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.powersync.jakarta.storage.postgres.write.Rows.insert;
import static org.powersync.jakarta.storage.postgres.write.Rows.row;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.ParameterLookup;
import org.powersync.jakarta.syncconfig.ResolvedBucket;
import org.powersync.jakarta.syncconfig.SyncRequest;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Cases P1 to P16: parameter rows and look-ups at checkpoints. */
class ParameterCasesIT {
  private static final String BY_USER =
      """
      bucket_definitions:
        mybucket:
          parameters: SELECT group_id FROM test WHERE id = token_parameters.user_id
          data: []
      """;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void p1SaveAndLoad(int version) {
    String config =
        """
        bucket_definitions:
          mybucket:
            parameters: SELECT group_id FROM test WHERE id1 = token_parameters.user_id OR id2 = token_parameters.user_id
            data: []
        """;
    try (StorageCase c = new StorageCase(version, config).done("1/1")) {
      SourceTable test = c.table("test");
      c.save(
          insert(test, row("id", "t2", "id1", "user3", "id2", "user4", "group_id", "group2a")),
          insert(test, row("id", "t1", "id1", "user1", "id2", "user2", "group_id", "group1a")));
      c.commit("1/1");
      assertThat(lookup(c, c.checkpoint(), "user1")).containsExactly("{\"group_id\":\"group1a\"}");
      assertThat(bucketsOf(c, "user1"))
          .extracting(ResolvedBucket::bucket)
          .containsExactly(c.bucket("mybucket[\"group1a\"]"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void p2History(int version) {
    try (StorageCase c = new StorageCase(version, BY_USER).done("1/1")) {
      SourceTable test = c.table("test");
      c.save(insert(test, row("id", "user1", "group_id", "group1"))).commit("1/1");
      OpId first = c.checkpoint();
      c.save(insert(test, row("id", "user1", "group_id", "group2"))).commit("1/2");
      assertThat(lookup(c, first, "user1")).containsExactly("{\"group_id\":\"group1\"}");
      assertThat(lookup(c, c.checkpoint(), "user1")).containsExactly("{\"group_id\":\"group2\"}");
    }
  }

  @Test
  void p4NumberTypes() {
    String config =
        """
        bucket_definitions:
          mybucket:
            parameters: SELECT group_id FROM test WHERE n1 = token_parameters.n1 AND f2 = token_parameters.f2 AND f3 = token_parameters.f3
            data: []
        """;
    try (StorageCase c = new StorageCase(2, config).done("1/1")) {
      c.save(
          insert(
              c.table("test"),
              row(
                  "id",
                  "t1",
                  "n1",
                  314L,
                  "f2",
                  SqlValue.of(314.0),
                  "f3",
                  SqlValue.of(3.14),
                  "group_id",
                  "group1")));
      c.commit("1/1");
      SqlValue[] whole = {SqlValue.of(314L), SqlValue.of(314.0)};
      for (SqlValue first : whole) {
        for (SqlValue second : whole) {
          assertThat(lookup(c, c.checkpoint(), first, second, SqlValue.of(3.14)))
              .containsExactly("{\"group_id\":\"group1\"}");
          assertThat(lookup(c, c.checkpoint(), first, second, SqlValue.of(3L))).isEmpty();
        }
      }
    }
  }

  @Test
  void p6QuotedColumn() {
    String config =
        """
        bucket_definitions:
          by_workspace:
            parameters: SELECT id as workspace_id FROM workspace WHERE workspace."userId" = token_parameters.user_id
            data: []
        """;
    try (StorageCase c = new StorageCase(2, config).done("1/1")) {
      c.save(insert(c.table("workspace"), row("id", "workspace1", "userId", "u1"))).commit("1/1");
      assertThat(bucketsOf(c, "u1"))
          .singleElement()
          .satisfies(
              bucket -> {
                assertThat(bucket.bucket()).isEqualTo(c.bucket("by_workspace[\"workspace1\"]"));
                assertThat(bucket.priority()).isEqualTo(3);
                assertThat(bucket.definition()).isEqualTo("by_workspace");
                assertThat(bucket.reasons()).containsExactly(SyncRequest.Reason.DEFAULT);
              });
    }
  }

  @Test
  void p7LookupWithoutValues() {
    String config =
        """
        bucket_definitions:
          by_public_workspace:
            parameters: SELECT id as workspace_id FROM workspace WHERE visibility = 'public'
            data: []
        """;
    try (StorageCase c = new StorageCase(2, config).done("1/1")) {
      SourceTable workspace = c.table("workspace");
      c.save(
          insert(workspace, row("id", "workspace1", "visibility", "public")),
          insert(workspace, row("id", "workspace2", "visibility", "private")),
          insert(workspace, row("id", "workspace3", "visibility", "public")));
      c.commit("1/1");
      assertThat(bucketsOf(c, "anyone"))
          .extracting(bucket -> bucket.bucket())
          .containsExactlyInAnyOrder(
              c.bucket("by_public_workspace[\"workspace1\"]"),
              c.bucket("by_public_workspace[\"workspace3\"]"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void p9Truncate(int version) {
    try (StorageCase c = new StorageCase(version, BY_USER).done("1/1")) {
      SourceTable test = c.table("test");
      c.save(insert(test, row("id", "user1", "group_id", "group1"))).flush();
      c.writer().truncate(List.of(test));
      c.commit("1/1");
      assertThat(lookup(c, c.checkpoint(), "user1")).isEmpty();
    }
  }

  @Test
  void p16RepeatedLookupAndLimit() {
    String config =
        """
        bucket_definitions:
          mybucket:
            parameters: SELECT id FROM test WHERE u = token_parameters.user_id
            data: []
        """;
    try (StorageCase c = new StorageCase(2, config).done("1/1")) {
      SourceTable test = c.table("test");
      for (String id : List.of("a", "b", "c")) {
        c.save(insert(test, row("id", id, "u", "u")));
      }
      c.commit("1/1");
      List<ParameterLookup> lookups = List.of(of("u"), of("u"), of("zz"));
      Map<ParameterLookup, List<OutputRow>> found = c.reader().lookups(c.checkpoint(), lookups, 3);
      assertThat(found).containsOnlyKeys(of("u"));
      assertThat(found.get(of("u"))).hasSize(3);
      assertThatThrownBy(() -> c.reader().lookups(c.checkpoint(), lookups, 2))
          .hasMessageContaining("Too many parameter results")
          .hasMessageContaining("2");
    }
  }

  private static ParameterLookup of(String value) {
    return new ParameterLookup("mybucket", "1", List.of(SqlValue.of(value)));
  }

  private static List<String> lookup(StorageCase c, OpId checkpoint, String user) {
    return lookup(c, checkpoint, SqlValue.of(user));
  }

  private static List<String> lookup(StorageCase c, OpId checkpoint, SqlValue... values) {
    ParameterLookup lookup = new ParameterLookup("mybucket", "1", List.of(values));
    List<String> rows = new ArrayList<>();
    c.reader()
        .lookups(checkpoint, List.of(lookup), 1000)
        .getOrDefault(lookup, List.of())
        .forEach(found -> rows.add(new String(found.json(), StandardCharsets.UTF_8)));
    return rows;
  }

  private static List<ResolvedBucket> bucketsOf(StorageCase c, String user) {
    SyncRequest request =
        new SyncRequest(Map.of("sub", user, "user_id", user), Map.of(), true, List.of());
    return ResolvedBucket.merge(
        c.config()
            .evaluate(request)
            .dynamicBuckets(lookups -> c.reader().lookups(c.checkpoint(), lookups, 1000)));
  }
}
