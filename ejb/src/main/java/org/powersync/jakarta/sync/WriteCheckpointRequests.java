package org.powersync.jakarta.sync;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.WriteCheckpoints;

/**
 * Requests for write checkpoints, executed in batches that share one source position, one storage
 * call and one marker on the source; at most three batches at once (sync API section 4.5). A failed
 * batch fails all its callers, nothing is retried. Safe for all threads.
 */
public final class WriteCheckpointRequests {
  private static final int BATCHES_IN_FLIGHT = 3;

  /** Bytes of a key that storage finds room for in its index, whatever they are. */
  private static final int MAX_KEY = 2600;

  private final WriteCheckpoints storage;
  private final Supplier<Lsn> head;
  private final Runnable marker;
  private final Executor executor;
  private final Lock lock = new ReentrantLock();
  private Map<String, Waiting> collected = new LinkedHashMap<>();
  private int inFlight;

  /** Whether a batch was handed to the executor that has yet to take what is collected. */
  private boolean scheduled;

  /**
   * @param head the present position of the source
   * @param marker makes the source produce a position beyond its head
   * @param executor where batches run; both of the above may block
   */
  public WriteCheckpointRequests(
      WriteCheckpoints storage, Supplier<Lsn> head, Runnable marker, Executor executor) {
    this.storage = storage;
    this.head = head;
    this.marker = marker;
    this.executor = executor;
  }

  /** All callers of one batch with the same key: the greatest supplied id wins. */
  private static final class Waiting {
    private final CompletableFuture<Long> answer = new CompletableFuture<>();
    private OptionalLong requestId = OptionalLong.empty();

    private void merge(OptionalLong id) {
      if (id.isPresent() && (requestId.isEmpty() || id.getAsLong() > requestId.getAsLong())) {
        requestId = id;
      }
    }
  }

  /**
   * Asks for the next number of a user, or for the number that the client supplies. Completes with
   * the number stored.
   *
   * @param fullUserId see {@link StreamCaller#fullUserId}
   */
  public CompletableFuture<Long> request(String fullUserId, OptionalLong requestId) {
    if (fullUserId.getBytes(StandardCharsets.UTF_8).length > MAX_KEY) {
      // Storage would refuse the whole batch.
      return CompletableFuture.failedFuture(
          new InvalidRequestException(
              List.of("The user's id and client_id together must not exceed 2600 bytes")));
    }
    CompletableFuture<Long> answer;
    boolean start;
    lock.lock();
    try {
      Waiting waiting = collected.computeIfAbsent(fullUserId, key -> new Waiting());
      waiting.merge(requestId);
      answer = waiting.answer.copy();
      start = mayStart();
    } finally {
      lock.unlock();
    }
    if (start) {
      start();
    }
    return answer;
  }

  /** Takes a place for one more batch if there is need and room; under the lock. */
  private boolean mayStart() {
    if (collected.isEmpty() || scheduled || inFlight == BATCHES_IN_FLIGHT) {
      return false;
    }
    scheduled = true;
    inFlight++;
    return true;
  }

  private void start() {
    try {
      executor.execute(this::runBatch);
    } catch (RuntimeException refused) {
      fail(takeBatch(), refused);
      finished();
    }
  }

  private void runBatch() {
    Map<String, Waiting> batch = takeBatch();
    try {
      answer(batch, execute(batch));
    } catch (RuntimeException | Error e) {
      fail(batch, e);
    } finally {
      finished();
    }
  }

  private Map<String, Waiting> takeBatch() {
    lock.lock();
    try {
      Map<String, Waiting> batch = collected;
      collected = new LinkedHashMap<>();
      scheduled = false;
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void finished() {
    boolean start;
    lock.lock();
    try {
      inFlight--;
      start = mayStart();
    } finally {
      lock.unlock();
    }
    if (start) {
      start();
    }
  }

  private Map<String, Long> execute(Map<String, Waiting> batch) {
    Lsn position = head.get();
    List<WriteCheckpoints.Request> requests = new ArrayList<>(batch.size());
    batch.forEach(
        (user, waiting) ->
            requests.add(new WriteCheckpoints.Request(user, position, waiting.requestId)));
    WriteCheckpoints.Result result = storage.create(requests);
    if (result.shouldAdvance()) {
      marker.run();
    }
    return result.numbers();
  }

  private static void answer(Map<String, Waiting> batch, Map<String, Long> numbers) {
    batch.forEach(
        (user, waiting) -> {
          Long number = numbers.get(user);
          if (number == null) {
            waiting.answer.completeExceptionally(
                new PowerSyncException(
                    ErrorCode.PSYNC_S0001, "Storage did not answer a write checkpoint request"));
          } else {
            waiting.answer.complete(number);
          }
        });
  }

  private static void fail(Map<String, Waiting> batch, Throwable failure) {
    batch.values().forEach(waiting -> waiting.answer.completeExceptionally(failure));
  }
}
