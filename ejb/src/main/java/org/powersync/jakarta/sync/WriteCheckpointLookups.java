package org.powersync.jakarta.sync;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.storage.Checkpoint;
import org.powersync.jakarta.storage.WriteCheckpoints;

/**
 * When the effective write checkpoints of all connected users are looked up, and how: together, at
 * every checkpoint while users are few or wait for one, else now and then. For the watching thread,
 * except {@link #expected}.
 */
final class WriteCheckpointLookups {
  private static final Logger LOG = Logger.getLogger(WriteCheckpointLookups.class.getName());

  /** So many users are asked about at every checkpoint. */
  private static final int FEW_USERS = 100;

  /** More users are asked about this often, unless one of them just asked for a number here. */
  private static final Duration BETWEEN_LOOKUPS = Duration.ofMillis(100);

  /** For how long a request here makes every checkpoint interesting. */
  private static final Duration EAGER = Duration.ofSeconds(60);

  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
  private static final Duration FOREVER = Duration.ofDays(1);

  private final WriteCheckpoints writeCheckpoints;
  private final Executor background;
  private final InstantSource time;
  private boolean due;
  private Instant notBefore = Instant.MIN;
  private volatile Instant eagerUntil = Instant.MIN;

  /**
   * @param background asks while the watching thread finds out what changed
   */
  WriteCheckpointLookups(
      WriteCheckpoints writeCheckpoints, Executor background, InstantSource time) {
    this.writeCheckpoints = writeCheckpoints;
    this.background = background;
    this.time = time;
  }

  /** A user asked for a write checkpoint in this process; it will be wanted soon. Any thread. */
  void expected() {
    eagerUntil = time.instant().plus(EAGER);
  }

  /** Numbers may be other ones than when they were looked up last, or there are other users. */
  void changed() {
    due = true;
  }

  /** How long until there is something to do. */
  Duration untilDue() {
    return due ? pause(time.instant()) : FOREVER;
  }

  /** What is left of the pause; a clock that is set back does not make it longer. */
  private Duration pause(Instant now) {
    Duration left = Duration.between(now, notBefore);
    return left.isNegative() || left.compareTo(AFTER_FAILURE) > 0 ? Duration.ZERO : left;
  }

  /** Whether it is time to look. */
  boolean isDue() {
    if (!due) {
      return false;
    }
    Instant now = time.instant();
    return pause(now).isZero() || now.isBefore(eagerUntil);
  }

  /** A question about some users, asked by whoever comes to it first. */
  record Question(List<String> users, FutureTask<Map<String, Long>> found) {}

  /** Asks about these users, if a thread is free. */
  Question ask(List<String> users, Checkpoint checkpoint) {
    Question question =
        new Question(
            users,
            new FutureTask<>(
                () ->
                    users.isEmpty() || checkpoint.lsn().isEmpty()
                        ? Map.of()
                        : writeCheckpoints.effective(users, checkpoint.lsn())));
    try {
      background.execute(question.found());
    } catch (RejectedExecutionException e) {
      LOG.log(Level.FINE, "No thread asks ahead for write checkpoints", e);
    }
    return question;
  }

  /**
   * The number of every user; none when they could not be read, which is tried again. Asks now if
   * nobody has begun yet.
   */
  Map<String, OptionalLong> answer(Question question) {
    try {
      question.found().run();
      Map<String, Long> found = question.found().get();
      Map<String, OptionalLong> numbers = new HashMap<>();
      for (String user : question.users()) {
        numbers.put(user, number(found.get(user)));
      }
      due = false;
      boolean few = question.users().size() <= FEW_USERS;
      notBefore = few ? Instant.MIN : time.instant().plus(BETWEEN_LOOKUPS);
      return numbers;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Map.of();
    } catch (ExecutionException e) {
      LOG.log(Level.WARNING, "Write checkpoints could not be read; trying again", e.getCause());
      notBefore = time.instant().plus(AFTER_FAILURE);
      eagerUntil = Instant.MIN;
      return Map.of();
    }
  }

  /** The number of a user who has just come. Any thread. */
  OptionalLong ofOne(String user, Checkpoint checkpoint) {
    return checkpoint.lsn().isEmpty()
        ? OptionalLong.empty()
        : number(writeCheckpoints.effective(List.of(user), checkpoint.lsn()).get(user));
  }

  private static OptionalLong number(Long stored) {
    return stored == null || stored == 0 ? OptionalLong.empty() : OptionalLong.of(stored);
  }
}
