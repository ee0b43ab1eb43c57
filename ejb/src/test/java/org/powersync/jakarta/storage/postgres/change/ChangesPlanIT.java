package org.powersync.jakarta.storage.postgres.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.postgres.ExplainedPlan;
import org.powersync.jakarta.storage.postgres.migration.PrivateTables;
import org.powersync.jakarta.storage.postgres.write.WriterDatabase;

class ChangesPlanIT {
  @Test
  void changesAreFoundThroughPrimaryKeys() throws Exception {
    try (WriterDatabase database = new WriterDatabase(2);
        Connection connection = database.database().connect()) {
      PrivateTables.create(database.resources().sql());
      database
          .database()
          .execute(
              "INSERT INTO powersync.x_bucket_changes SELECT 'test_1_0000', n, ARRAY['b']"
                  + " FROM generate_series(1, 20000) n",
              "INSERT INTO powersync.bucket_parameters"
                  + " SELECT n, 1, 't', int4send(n), int4send(n % 100), '[1]'"
                  + " FROM generate_series(1, 20000) n",
              "ANALYZE");
      String plan =
          ExplainedPlan.of(
              connection,
              ChangesQuery.CHANGES,
              1,
              19_990L,
              20_000L,
              1000,
              19_990L,
              20_000L,
              5000,
              20_000L,
              1000,
              5000,
              19_990L,
              1);
      assertThat(plan)
          .contains("x_bucket_changes_pkey")
          .contains("bucket_parameters_pkey")
          .doesNotContain("Seq Scan on bucket_parameters")
          .doesNotContain("Seq Scan on x_bucket_changes");
    }
  }
}
