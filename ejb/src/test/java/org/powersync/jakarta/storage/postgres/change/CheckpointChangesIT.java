package org.powersync.jakarta.storage.postgres.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.powersync.jakarta.storage.postgres.write.Rows.delete;
import static org.powersync.jakarta.storage.postgres.write.Rows.insert;
import static org.powersync.jakarta.storage.postgres.write.Rows.row;
import static org.powersync.jakarta.storage.postgres.write.Rows.update;

import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.CheckpointChanges;
import org.powersync.jakarta.storage.CheckpointChanges.Everything;
import org.powersync.jakarta.storage.CheckpointChanges.Some;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.WriterOptions;
import org.powersync.jakarta.storage.postgres.write.BatchLimits;
import org.powersync.jakarta.storage.postgres.write.RowConfig;
import org.powersync.jakarta.storage.postgres.write.WriterDatabase;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.ParameterLookup;
import org.powersync.jakarta.syncconfig.value.SqlValue;

class CheckpointChangesIT {
  private static final GroupId GROUP = new GroupId(1);
  private static final SourceTable TEST =
      WriterDatabase.table(WriterDatabase.TABLE_ID, "test", true, true);
  private static final RowConfig CONFIG = RowConfig.byBucketAndUser();

  private final WriterDatabase database = new WriterDatabase(2);
  private final ChangesQuery changes =
      new ChangesQuery(database.resources().sql(), database.stream().id(), new OwnCommits());

  /** Of the process that writes. */
  private final OwnCommits own = database.resources().commits();

  private BucketWriter writer;
  private int position;

  @BeforeEach
  void open() {
    database.snapshotsDone("0");
    writer = database.writer(CONFIG);
  }

  @AfterEach
  void close() throws SQLException {
    writer.close();
    database.close();
  }

  @Test
  void namesBucketsAndLookupsOfEveryFlushInBetween() {
    OpId first = commit();
    put("r1", "b1");
    OpId second = commit();
    put("r2", "b2");
    writer.flush();
    writer.save(insert(TEST, row("id", "r3", "b", "b3", "user", "ann")));
    OpId third = commit();
    writer.save(delete(TEST, "r1"));
    writer.save(update(TEST, row("id", "r3", "b", "b3", "user", "bob")));
    OpId fourth = commit();

    assertThat(changes.between(first, second)).isEqualTo(some(Set.of(), "b1"));
    assertThat(changes.between(second, third)).isEqualTo(some(Set.of("ann"), "b2", "b3"));
    assertThat(changes.between(third, fourth)).isEqualTo(some(Set.of("ann", "bob"), "b1", "b3"));
    assertThat(changes.between(first, fourth))
        .isEqualTo(some(Set.of("ann", "bob"), "b1", "b2", "b3"));
    assertThat(changes.between(fourth, fourth)).isEqualTo(some(Set.of()));
    assertThat(changes.between(fourth, third)).isEqualTo(new Everything());
  }

  @Test
  void aFlushThatChangesNothingIsKnownToo() {
    put("r1", "b1");
    OpId before = commit();
    database.database().execute("SELECT nextval('powersync.op_id_sequence')");
    writer.save(insert(TEST, row("id", "r2", "b", (String) null, "user", (String) null)));
    OpId after = commit();
    assertThat(after).isGreaterThan(before);
    assertThat(changes.between(before, after)).isEqualTo(some(Set.of()));
  }

  @Test
  void whatAnotherImplementationPublishedIsNotKnown() {
    put("r1", "b1");
    OpId before = commit();
    OpId theirs = writeAsTheReference("b9");
    assertThat(changes.between(before, theirs)).isEqualTo(new Everything());
  }

  @Test
  void whatAnotherImplementationWroteBeforeOurWriterIsNotKnown() {
    put("r1", "b1");
    OpId before = commit();
    writer.close();
    OpId theirs = writeAsTheReference("b9");
    writer = database.writer(CONFIG);
    put("r2", "b2");
    OpId ours = commit();
    assertThat(changes.between(before, ours)).isEqualTo(new Everything());
    assertThat(changes.between(theirs, ours)).isEqualTo(some(Set.of(), "b2"));
  }

  @Test
  void tooManyBucketsAreEverything() {
    OpId before = commit();
    for (int i = 0; i <= BucketChangeLog.MOST_BUCKETS; i++) {
      put("r" + i, "b" + i);
    }
    OpId after = commit();
    assertThat(changes.between(before, after)).isEqualTo(new Everything());
    put("r", "b1");
    assertThat(changes.between(after, commit())).isEqualTo(some(Set.of(), "b1"));
  }

  @Test
  void theProcessThatCommittedKnowsWithoutAsking() {
    OpId first = commit();
    put("r1", "b1");
    OpId second = commit();
    writer.save(insert(TEST, row("id", "r3", "b", "b3", "user", "ann")));
    OpId third = commit();

    assertThat(own.between(GROUP, first, second)).contains(some(Set.of(), "b1"));
    assertThat(own.between(GROUP, first, third)).contains(some(Set.of("ann"), "b1", "b3"));
    assertThat(own.between(GROUP, second, second)).contains(some(Set.of()));
    assertThat(own.between(new GroupId(2), first, second)).isEmpty();
    assertThat(own.between(GROUP, third, new OpId(third.value() + 1))).isEmpty();
  }

  @Test
  void theProcessDoesNotKnowWhatOthersMayHaveWrittenInBetween() {
    put("r1", "b1");
    OpId first = commit();
    put("r2", "b2");
    writer.flush();
    put("r3", "b3");
    OpId afterAFlush = commit();
    OpId theirs = writeAsTheReference("b9");
    put("r4", "b4");
    OpId afterTheirs = commit();
    database.database().execute("SELECT nextval('powersync.op_id_sequence')");
    put("r5", "b5");
    OpId afterAnId = commit();

    assertThat(own.between(GROUP, first, afterAFlush)).isEmpty();
    assertThat(own.between(GROUP, afterAFlush, theirs)).isEmpty();
    assertThat(own.between(GROUP, afterAFlush, afterTheirs)).isEmpty();
    assertThat(own.between(GROUP, theirs, afterTheirs)).contains(some(Set.of(), "b4"));
    assertThat(own.between(GROUP, afterTheirs, afterAnId)).isEmpty();
  }

  @Test
  void rowsCopiedMeanwhileAreEverything() {
    put("r1", "b1");
    OpId before = commit();
    try (BucketWriter copying =
        database.writer(CONFIG, WriterOptions.snapshot(), BatchLimits.DEFAULT)) {
      copying.save(insert(TEST, row("id", "r7", "b", "b7", "user", (String) null)));
      copying.flush();
    }
    put("r2", "b2");
    OpId after = commit();
    assertThat(changes.between(before, after)).isEqualTo(new Everything());
    assertThat(own.between(GROUP, before, after)).isEmpty();
  }

  @Test
  void anEarlierCheckpointThatIsNotKeptIsEverything() {
    put("r1", "b1");
    OpId before = commit();
    put("r2", "b2");
    OpId after = commit();
    database.database().execute("DELETE FROM powersync.x_bucket_changes WHERE op_id <= " + before);
    assertThat(changes.between(before, after)).isEqualTo(new Everything());
  }

  @Test
  void withoutTheTableEverythingMayHaveChangedAndTheNextWriterMakesItAgain() {
    put("r1", "b1");
    OpId before = commit();
    put("r2", "b2");
    OpId after = commit();
    database.database().execute("DROP TABLE powersync.x_bucket_changes");
    assertThat(changes.between(before, after)).isEqualTo(new Everything());
    writer.close();
    writer = database.writer(CONFIG);
    put("r3", "b3");
    assertThat(changes.between(after, commit())).isEqualTo(some(Set.of(), "b3"));
  }

  @Test
  void oldRowsAreForgotten() {
    for (int i = 0; i < 5; i++) {
      put("r1", "b1");
      writer.flush();
    }
    BucketChangeLog log =
        new BucketChangeLog(database.resources().sql(), database.stream().name(), true);
    for (int i = 1; i <= 2048; i++) {
      log.flushed(1_000 + i);
    }
    assertThat(database.rows("SELECT op_id FROM powersync.x_bucket_changes")).isEmpty();
  }

  private void put(String id, String bucket) {
    writer.save(insert(TEST, row("id", id, "b", bucket, "user", (String) null)));
  }

  private OpId commit() {
    writer.commit(new Lsn("%04d".formatted(++position)), true);
    return checkpoint();
  }

  private OpId checkpoint() {
    return new OpId(database.streamRow().get("last_checkpoint").asLong());
  }

  private OpId writeAsTheReference(String bucket) {
    database
        .database()
        .execute(
            "INSERT INTO powersync.bucket_data (group_id, bucket_name, op_id, op, checksum) VALUES"
                + " (1, '"
                + bucket
                + "', nextval('powersync.op_id_sequence'), 'PUT', 1)",
            "UPDATE powersync.sync_rules SET last_checkpoint ="
                + " (SELECT last_value FROM powersync.op_id_sequence)");
    return checkpoint();
  }

  private static CheckpointChanges some(Set<String> users, String... buckets) {
    return new Some(
        Stream.of(buckets).map(name -> new BucketName("1#" + name)).collect(Collectors.toSet()),
        users.stream()
            .map(user -> new ParameterLookup("l", "1", List.of(SqlValue.of(user))))
            .collect(Collectors.toSet()));
  }
}
