package org.powersync.jakarta.storage.postgres.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.BucketOperation;
import org.powersync.jakarta.storage.Checkpoint;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.syncconfig.BucketName;

class OwnCommitsTest {
  private static final GroupId STREAM = new GroupId(1);
  private static final BucketName A = new BucketName("a[]");
  private static final BucketName B = new BucketName("b[]");
  private static final BucketName C = new BucketName("c[]");
  private static final int MEBIBYTE = 1 << 20;

  private final OwnCommits commits = new OwnCommits();

  @Test
  void operationsAreThereAfterAnyPositionSinceTheFirstTransaction() {
    commit(10, List.of(A, B, A));
    commit(13, List.of(B));
    assertThat(known(A, 10, 14)).contains(List.of(11L, 13L));
    assertThat(known(A, 11, 14)).contains(List.of(13L));
    assertThat(known(A, 13, 14)).contains(List.of());
    assertThat(known(B, 10, 13)).contains(List.of(12L));
    assertThat(known(B, 10, 14)).contains(List.of(12L, 14L));
    assertThat(known(C, 10, 14)).contains(List.of());
    assertThat(known(A, 9, 14)).isEmpty();
    assertThat(known(A, 10, 15)).isEmpty();
    assertThat(commits.operations(new GroupId(2), A, new OpId(10), new OpId(14))).isEmpty();
  }

  /** An id of a transaction that failed may yet become a checkpoint, of one without operations. */
  @Test
  void whatWasNotCommittedIsNotThere() {
    commit(10, List.of(A));
    commits.committing(group(STREAM, 11, List.of(A), 0));
    assertThat(known(A, 10, 12)).isEmpty();
    commits.committed(checkpoint(STREAM, 14));
    assertThat(known(A, 10, 12)).isEmpty();
    commits.committed(checkpoint(STREAM, 12));
    assertThat(known(A, 10, 12)).isEmpty();
    assertThat(known(A, 10, 11)).contains(List.of(11L));
  }

  @Test
  void idsOfOthersInBetweenEndWhatIsKnown() {
    commit(10, List.of(A));
    commit(12, List.of(B));
    assertThat(known(A, 10, 13)).isEmpty();
    assertThat(known(A, 12, 13)).contains(List.of());
    assertThat(known(B, 12, 13)).contains(List.of(13L));
    commits.committing(group(new GroupId(2), 13, List.of(A), 0));
    commits.committed(checkpoint(new GroupId(2), 14));
    assertThat(known(B, 12, 13)).isEmpty();
  }

  @Test
  void ofABucketThatGrewTooLargeOnlyTheLastOperationsAreKnown() {
    commit(10, List.of(B), 1);
    for (int i = 0; i < 10; i++) {
      commit(11 + i, List.of(A), MEBIBYTE);
    }
    assertThat(known(A, 10, 21)).isEmpty();
    assertThat(known(A, 18, 21)).contains(List.of(19L, 20L, 21L));
    // Nothing of it is left, nor of the time in which it may have had more.
    assertThat(known(B, 10, 21)).isEmpty();
    assertThat(known(B, 11, 21)).contains(List.of());
    assertThat(known(C, 10, 21)).contains(List.of());
  }

  @Test
  void manyForgottenBucketsAreForgottenTogether() {
    commit(0, List.of(C));
    long last = 1;
    for (int i = 0; i < 21_000; i += 1_000) {
      List<BucketName> buckets = new ArrayList<>();
      for (int j = 0; j < 1_000; j++) {
        buckets.add(new BucketName("many[" + (i + j) + "]"));
      }
      commit(last, buckets, 1_000);
      last += buckets.size();
    }
    for (int i = 0; i < 20; i++) {
      commit(last++, List.of(A), MEBIBYTE);
    }
    assertThat(known(A, last - 2, last)).contains(List.of(last - 1, last));
    assertThat(known(C, 1, last)).isEmpty();
    assertThat(known(C, last - 2, last)).contains(List.of());
  }

  private Optional<List<Long>> known(BucketName bucket, long after, long upTo) {
    return commits
        .operations(STREAM, bucket, new OpId(after), new OpId(upTo))
        .map(found -> found.stream().map(BucketOperation::opId).toList());
  }

  private void commit(long from, List<BucketName> buckets) {
    commit(from, buckets, 10);
  }

  private void commit(long from, List<BucketName> buckets, int bytes) {
    commits.committing(group(STREAM, from, buckets, bytes));
    commits.committed(checkpoint(STREAM, from + buckets.size()));
  }

  private static Checkpoint checkpoint(GroupId stream, long op) {
    return new Checkpoint(stream, new OpId(op), Optional.empty());
  }

  /** One operation for each bucket named. */
  private static OwnCommits.Group group(
      GroupId stream, long from, List<BucketName> buckets, int bytes) {
    Map<BucketName, List<BucketOperation>> operations = new LinkedHashMap<>();
    long id = from;
    for (BucketName bucket : buckets) {
      operations
          .computeIfAbsent(bucket, name -> new ArrayList<>())
          .add(
              new BucketOperation(
                  ++id, BucketOperation.Kind.PUT, "t", "r", "k", id, new byte[bytes]));
    }
    return new OwnCommits.Group(stream, new OpId(from), new OpId(id), operations, Set.of());
  }
}
