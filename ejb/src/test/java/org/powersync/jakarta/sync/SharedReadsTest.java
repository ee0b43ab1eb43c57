package org.powersync.jakarta.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.BucketPosition;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.sync.bson.BsonEncoder;
import org.powersync.jakarta.sync.ndjson.NdjsonEncoder;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.telemetry.Counters;

class SharedReadsTest {
  private static final BucketName BUCKET = new BucketName("1#b[]");

  private final FakeStorage storage = new FakeStorage(new FakeTime());
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private boolean shared = true;

  private SharedReads reads(int slots, long maxBytes) {
    return new SharedReads(
        storage, new DataSlots(slots, tasks::add, new Counters()), buckets -> shared, maxBytes);
  }

  private static List<BucketPosition> after(long op) {
    return List.of(new BucketPosition(BUCKET, new OpId(op)));
  }

  private void work() {
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
  }

  @Test
  void streamsThatWantTheSameShareOneReading() {
    storage.put("1#b[]", 10);
    SharedReads reads = reads(1, 1 << 20);
    BatchRead one = reads.read(new OpId(10), after(0), true);
    BatchRead two = reads.read(new OpId(10), after(0), true);
    BatchRead other = reads.read(new OpId(10), after(5), true);
    work();
    BatchRead late = reads.read(new OpId(10), after(0), true);
    assertThat(one.result().join()).hasSize(1).isSameAs(two.result().join());
    assertThat(late.result().join()).isSameAs(one.result().join());
    assertThat(other.result().join().get(0).chunk().operations()).hasSize(5);
    assertThat(storage.reads).containsExactly("1#b[] 0", "1#b[] 5");
  }

  @Test
  void linesOfSeveralStreamsAreEncodedOncePerForm() {
    storage.put("1#b[]", 10);
    SharedReads reads = reads(1, 1 << 20);
    BatchRead read = reads.read(new OpId(10), after(0), true);
    work();
    Line.Data line = read.result().join().get(0);
    ByteBuffer first = copy(line.encode(new NdjsonEncoder(true)));
    ByteBuffer second = line.encode(new NdjsonEncoder(true));
    ByteBuffer third = line.encode(new NdjsonEncoder(true));
    assertThat(second).isEqualTo(first);
    assertThat(third.array()).isSameAs(second.array());
    assertThat(copy(line.encode(new NdjsonEncoder(false))))
        .isEqualTo(new NdjsonEncoder(false).encode(line))
        .isNotEqualTo(first);
    assertThat(copy(line.encode(new BsonEncoder()))).isEqualTo(new BsonEncoder().encode(line));
  }

  private static ByteBuffer copy(ByteBuffer bytes) {
    return ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
  }

  @Test
  void withdrawingLeavesTheReadingToTheOthers() {
    storage.put("1#b[]", 1);
    SharedReads reads = reads(0, 1 << 20);
    BatchRead one = reads.read(new OpId(1), after(0), true);
    BatchRead two = reads.read(new OpId(1), after(0), true);
    assertThat(one.withdraw()).isTrue();
    assertThat(two.result()).isNotDone();
    assertThat(two.withdraw()).isTrue();
    BatchRead three = reads.read(new OpId(1), after(0), true);
    assertThat(three.result()).isNotSameAs(two.result());
  }

  @Test
  void aReadingThatHasBegunIsNotTakenBack() {
    storage.put("1#b[]", 1);
    SharedReads reads = reads(1, 1 << 20);
    BatchRead one = reads.read(new OpId(1), after(0), true);
    assertThat(one.withdraw()).isFalse();
    work();
    assertThat(one.result().join()).hasSize(1);
  }

  @Test
  void whatIsAtHandTakesNoSlotAndIsSharedToo() {
    storage.put("1#b[]", 10);
    storage.atHand = true;
    SharedReads reads = reads(0, 1 << 20);
    BatchRead one = reads.read(new OpId(10), after(1), true);
    BatchRead two = reads.read(new OpId(10), after(1), true);
    assertThat(one.result().getNow(null)).hasSize(1).isSameAs(two.result().getNow(null));
    assertThat(one.withdraw()).isFalse();
    assertThat(storage.reads).containsExactly("1#b[] 1");
    shared = false;
    BatchRead own = reads.read(new OpId(10), after(5), true);
    assertThat(own.result().getNow(List.of())).hasSize(1);
    assertThat(own.result().join().get(0).forms()).isEmpty();
    assertThat(own.withdraw()).isFalse();
  }

  /** Of a bucket that was compacted since they get what is left of it. */
  @Test
  void whoHasJustComeGetsWhatStorageHas() {
    storage.put("1#b[]", 10);
    storage.atHand = true;
    SharedReads reads = reads(1, 1 << 20);
    BatchRead come = reads.read(new OpId(10), after(1), false);
    BatchRead fromTheStart = reads.read(new OpId(10), after(0), true);
    assertThat(come.result()).isNotDone();
    assertThat(fromTheStart.result()).isNotDone();
    work();
    assertThat(come.result().join()).hasSize(1);
    assertThat(fromTheStart.result().join()).hasSize(1);
  }

  @Test
  void aFailureAtHandReachesAllAndIsNotKept() {
    storage.put("1#b[]", 2);
    storage.atHand = true;
    storage.beforeRead =
        () -> {
          throw new IllegalStateException("memory");
        };
    SharedReads reads = reads(1, 1 << 20);
    BatchRead read = reads.read(new OpId(2), after(1), true);
    assertThatThrownBy(() -> read.result().join()).hasRootCauseMessage("memory");
    storage.beforeRead = () -> {};
    assertThat(reads.read(new OpId(2), after(1), true).result().getNow(List.of())).hasSize(1);
  }

  @Test
  void failuresReachAllAndAreNotKept() {
    storage.put("1#b[]", 1);
    boolean[] fail = {true};
    storage.beforeRead =
        () -> {
          if (fail[0]) {
            throw new IllegalStateException("storage");
          }
        };
    SharedReads reads = reads(1, 1 << 20);
    BatchRead one = reads.read(new OpId(1), after(0), true);
    BatchRead two = reads.read(new OpId(1), after(0), true);
    work();
    assertThatThrownBy(() -> one.result().join()).hasRootCauseMessage("storage");
    assertThatThrownBy(() -> two.result().join()).hasRootCauseMessage("storage");
    fail[0] = false;
    BatchRead again = reads.read(new OpId(1), after(0), true);
    work();
    assertThat(again.result().join()).hasSize(1);
  }

  @Test
  void whatIsKeptIsBounded() {
    storage.put("1#b[]", 100);
    SharedReads reads = reads(1, 3000);
    for (int after = 99; after > 90; after--) {
      reads.read(new OpId(100), after(after), true);
      work();
    }
    int readBefore = storage.reads.size();
    reads.read(new OpId(100), after(99), true);
    work();
    assertThat(storage.reads).hasSize(readBefore + 1);
  }

  @Test
  void whatNobodyElseCanWantIsNotKept() {
    shared = false;
    storage.put("1#b[]", 1);
    SharedReads reads = reads(1, 1 << 20);
    reads.read(new OpId(1), after(0), true);
    BatchRead again = reads.read(new OpId(1), after(0), true);
    work();
    assertThat(storage.reads).hasSize(2);
    assertThat(again.result().join().get(0).forms()).isEmpty();
  }
}
