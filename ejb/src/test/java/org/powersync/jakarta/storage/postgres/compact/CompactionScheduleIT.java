package org.powersync.jakarta.storage.postgres.compact;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.Deployment;
import org.powersync.jakarta.storage.postgres.PostgresBucketStorageProvider;
import org.powersync.jakarta.storage.postgres.StorageFixture;

class CompactionScheduleIT {
  private final StorageFixture fixture = new StorageFixture("schedule");
  private final PostgresBucketStorageProvider provider = fixture.provider();
  private final PostgresCompaction compaction = new PostgresCompaction(fixture.resources());

  @BeforeEach
  void activate() {
    provider.deploy(Deployment.of("a"));
    put(3000);
    fixture
        .database()
        .execute(
            "UPDATE powersync.sync_rules SET state = 'ACTIVE', last_checkpoint = 3000",
            "INSERT INTO powersync.write_checkpoints VALUES ('old', '{}', 1, '2024-01-01')");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void sumsUpLargeBucketsOnceAndCompactsOncePerWindow() {
    schedule("2026-03-01T01:00:00Z").tick();
    assertThat(fixture.rows("SELECT 1 FROM powersync.x_bucket_totals")).hasSize(1);
    assertThat(operations()).isEqualTo(3000);

    CompactionSchedule night = schedule("2026-03-01T02:30:00Z");
    night.tick();
    assertThat(operations()).isEqualTo(101);
    assertThat(fixture.rows("SELECT 1 FROM powersync.write_checkpoints")).isEmpty();

    put(100);
    fixture.database().execute("UPDATE powersync.sync_rules SET last_checkpoint = 3100");
    night.tick();
    assertThat(operations()).isEqualTo(201);
    schedule("2026-03-02T02:30:00Z").tick();
    assertThat(operations()).isEqualTo(101);
  }

  @Test
  void doesNothingWithoutAnActiveStream() {
    fixture.database().execute("UPDATE powersync.sync_rules SET state = 'STOP'");
    schedule("2026-03-01T02:30:00Z").tick();
    assertThat(operations()).isEqualTo(3000);
  }

  private CompactionSchedule schedule(String now) {
    return new CompactionSchedule(
        provider,
        compaction,
        fixture.resources().scheduler(),
        new MaintenanceSettings(
            true, Optional.of(CompactionWindow.parse("02:00-03:00")), Duration.ofHours(1)),
        Clock.fixed(Instant.parse(now), ZoneOffset.UTC));
  }

  private int operations() {
    return fixture.rows("SELECT op_id FROM powersync.bucket_data").size();
  }

  private void put(int operations) {
    fixture
        .database()
        .execute(
            """
            INSERT INTO powersync.bucket_data (group_id, bucket_name, op_id, op, source_table,
              source_key, table_name, row_id, checksum, data)
            SELECT 1, 'a', nextval('powersync.op_id_sequence'), 'PUT', 't', int4send(n %% 100),
                   'type', (n %% 100)::text, n, '{}'
              FROM generate_series(1, %d) AS n"""
                .formatted(operations));
  }
}
