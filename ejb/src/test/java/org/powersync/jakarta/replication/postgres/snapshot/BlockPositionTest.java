package org.powersync.jakarta.replication.postgres.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.replication.postgres.pgoutput.ReplicaIdentity;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.value.SqlValue;

class BlockPositionTest {
  private static final SourceColumn ID = new SourceColumn("id", 20, "bigint", true);

  private static CopyQueries.ByBlocks copy(long start) {
    CatalogueTable table =
        new CatalogueTable(
            5,
            TableName.of("public", "t"),
            ReplicaIdentity.DEFAULT,
            List.of(ID),
            100,
            true,
            false,
            false,
            Optional.of("id > 5"));
    return new CopyQueries.ByBlocks(table, 7, start, 25, 10, 180000);
  }

  @Test
  void comesBackAsStored() {
    BlockPosition position = new BlockPosition(16384, 1280);
    assertThat(BlockPosition.fromBson(position.toBson())).contains(position);
  }

  @Test
  void isNotTakenForAKey() {
    assertThat(BlockPosition.fromBson(SnapshotKey.of(ID, SqlValue.of(5)).toBson())).isEmpty();
  }

  /** The last range has no end: the table may have grown since. */
  @Test
  void rangesCoverTheTable() {
    CopyQueries.ByBlocks copy = copy(0);
    CopyQueries.Query first = copy.first().orElseThrow();
    assertThat(first.sql())
        .isEqualTo(
            "SELECT \"id\" FROM ONLY \"public\".\"t\" WHERE (id > 5) AND ctid >= '(0,0)'::tid AND"
                + " ctid < '(10,0)'::tid");
    CopyQueries.Query second = copy.next(0, copy.end(first, null)).orElseThrow();
    CopyQueries.Query third = copy.next(9, copy.end(second, null)).orElseThrow();
    assertThat(third.sql()).contains("'(20,0)'").doesNotContain("ctid <");
    assertThat(copy.end(third, null)).isEmpty();
    assertThat(copy.next(3, copy.end(third, null))).isEmpty();
  }

  @Test
  void aTableThatShrankIsReadToItsEnd() {
    assertThat(copy(40).first().orElseThrow().sql()).doesNotContain("ctid <");
  }
}
