package org.powersync.jakarta.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.powersync.jakarta.storage.postgres.write.Rows.insert;
import static org.powersync.jakarta.storage.postgres.write.Rows.row;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.postgres.cases.StorageCase;
import org.powersync.jakarta.syncconfig.RequestExplanation;
import org.powersync.jakarta.syncconfig.SyncRequest;
import org.powersync.jakarta.syncconfig.TableName;

/** Explanations of the active sync config, on real storage. */
class ActiveConfigIT {
  private static final String CONFIG =
      """
      bucket_definitions:
        all:
          data: [SELECT * FROM lists]
        mine:
          parameters: SELECT id AS team FROM test WHERE d = request.user_id()
          data: [SELECT * FROM lists WHERE team = bucket.team]
      """;

  private static SyncRequest of(String user) {
    return new SyncRequest(Map.of("sub", user), Map.of(), true, List.of());
  }

  @Test
  void explainsRowsAndRequests() {
    try (StorageCase c = new StorageCase(2, CONFIG)) {
      c.save(insert(c.table("test"), row("id", "t1", "d", "ann")));
      c.flush();
      c.done("0/1");
      c.commit("0/2");
      c.execute("UPDATE powersync.sync_rules SET state = 'ACTIVE'");
      ActiveConfig active = new ActiveConfig(c.provider());

      assertThat(active.row(TableName.of("public", "lists"), row("id", "1", "team", 5)))
          .extracting(explanation -> explanation.buckets().toString())
          .satisfiesExactly(
              all -> assertThat(all).contains("all[]"),
              mine -> assertThat(mine).contains("mine[5]"));
      assertThat(active.request(of("ann")))
          .extracting(RequestExplanation::outcome)
          .containsOnly(RequestExplanation.Outcome.BUCKETS);
      assertThat(active.request(of("bob")))
          .extracting(RequestExplanation::outcome)
          .containsExactly(
              RequestExplanation.Outcome.BUCKETS, RequestExplanation.Outcome.NOTHING_FOUND);
    }
  }
}
