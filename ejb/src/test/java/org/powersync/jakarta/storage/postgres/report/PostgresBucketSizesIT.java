package org.powersync.jakarta.storage.postgres.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.BucketSizes;
import org.powersync.jakarta.storage.BucketSizes.Basis;
import org.powersync.jakarta.storage.BucketSizes.Bucket;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.postgres.StorageFixture;
import org.powersync.jakarta.syncconfig.BucketName;

class PostgresBucketSizesIT {
  private static final GroupId STREAM = new GroupId(7);

  private final StorageFixture fixture = new StorageFixture("sizes");

  /** Bucket {@code b[n]} has n operations, in two streams. */
  @BeforeEach
  void fill() {
    execute(
        """
        INSERT INTO powersync.bucket_data (group_id, bucket_name, op_id, op, checksum)
        SELECT g, 'b[' || n || ']', n * 1000 + o, 'MOVE', 0
          FROM unnest(ARRAY[7, 8]) AS g, generate_series(1, 40) AS n, generate_series(1, n) AS o\
        """);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private void execute(String sql) {
    try (Connection connection = fixture.database().connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void countsTheLargestBucketsOfAStream() {
    BucketSizes.Largest largest = new PostgresBucketSizes(fixture.resources()).largest(STREAM, 2);

    assertThat(largest.basis()).isEqualTo(Basis.COUNTED);
    assertThat(largest.buckets())
        .containsExactly(
            new Bucket(new BucketName("b[40]"), 40, new OpId(40_040)),
            new Bucket(new BucketName("b[39]"), 39, new OpId(39_039)));
  }

  @Test
  void estimatesWhenThereIsTooMuchToCount() {
    execute("ANALYZE powersync.bucket_data");
    BucketSizes.Largest largest =
        new PostgresBucketSizes(fixture.resources(), 100).largest(STREAM, 3);

    assertThat(largest.basis()).isEqualTo(Basis.ESTIMATED);
    assertThat(largest.buckets()).hasSize(3);
    assertThat(largest.buckets().get(0).lastOpId()).isEqualTo(new OpId(40_040));
    assertThat(largest.buckets().get(0).operations()).isBetween(40L, 90L);
  }

  @Test
  void saysWhenItCountedOnlyAPart() {
    execute("ALTER TABLE powersync.bucket_data SET (autovacuum_enabled = false)");
    BucketSizes.Largest largest =
        new PostgresBucketSizes(fixture.resources(), 100).largest(STREAM, 3);

    assertThat(largest.basis()).isEqualTo(Basis.PARTLY_COUNTED);
    assertThat(largest.buckets()).hasSize(3);
  }

  @Test
  void knowsNothingOfAnEmptyStream() {
    BucketSizes.Largest largest =
        new PostgresBucketSizes(fixture.resources()).largest(new GroupId(99), 3);
    assertThat(largest.basis()).isEqualTo(Basis.COUNTED);
    assertThat(largest.buckets()).isEmpty();
  }
}
