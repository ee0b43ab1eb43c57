package org.powersync.jakarta.replication.postgres.server;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.replication.ReplicationSource.Verdict;

/**
 * How long to wait after a failure, and whether the slot is to blame (replication sections 1.8,
 * 1.9).
 *
 * <p>Where a server is restarted or a connection is cut, the wait is short, so that replication
 * goes on within 10 s; a wrong password waits long, because hosted databases ban those who retry.
 */
public final class FailureJudge {
  static final Duration WRONG_PASSWORD = Duration.ofMinutes(15);
  static final Duration NAME_NOT_FOUND = Duration.ofMinutes(2);
  static final Duration SLOT_LOST = Duration.ofSeconds(2);
  static final Duration CUT = Duration.ofSeconds(1);
  static final Duration NOT_UP = Duration.ofSeconds(3);
  static final Duration OTHER = Duration.ofSeconds(30);

  /** Shutdown, crash, terminated by an administrator: the peer ended the connection. */
  private static final Set<String> ENDED = Set.of("57P01", "57P02", "57P05", "08006", "08003");

  /** Starting up, no answer to a connection attempt, or the slot is still in use. */
  private static final Set<String> UNAVAILABLE =
      Set.of("57P03", "08001", "08004", "53300", "55006");

  private static final List<Pattern> SLOT_UNUSABLE =
      List.of(
          Pattern.compile("incorrect prev-link"),
          Pattern.compile("replication slot .*does not exist"),
          Pattern.compile("publication .*does not exist"),
          Pattern.compile("can no longer access replication slot"),
          Pattern.compile("can no longer get changes from replication slot"),
          Pattern.compile("cannot read from logical replication slot"));

  private FailureJudge() {}

  public static Verdict judge(Throwable failure) {
    boolean ended = false;
    boolean unavailable = false;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SlotLostException lost) {
        return new Verdict(SLOT_LOST, false, lost.restart(), lost.skippedOperations());
      }
      String message = cause.getMessage() == null ? "" : cause.getMessage();
      if (message.contains("password authentication failed")) {
        return new Verdict(WRONG_PASSWORD, true);
      }
      if (cause instanceof UnknownHostException) {
        return new Verdict(NAME_NOT_FOUND, true);
      }
      unavailable |= cause instanceof ConnectException || hasState(cause, UNAVAILABLE);
      ended |= cause instanceof EOFException || hasState(cause, ENDED) || repeatable(cause);
    }
    if (unavailable) {
      return new Verdict(NOT_UP, true);
    }
    return new Verdict(ended ? CUT : OTHER, false);
  }

  /** A silence was wait enough by itself, and a table that changed can be looked at again. */
  private static boolean repeatable(Throwable cause) {
    return cause instanceof TableChangedException
        || cause instanceof PowerSyncException coded && coded.code() == ErrorCode.PSYNC_S1121;
  }

  private static boolean hasState(Throwable cause, Set<String> states) {
    return cause instanceof SQLException sql
        && sql.getSQLState() != null
        && states.contains(sql.getSQLState());
  }

  /** Whether the server says, while streaming, that the slot cannot be used any more. */
  public static boolean slotUnusable(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = cause.getMessage();
      if (message != null
          && SLOT_UNUSABLE.stream().anyMatch(pattern -> pattern.matcher(message).find())) {
        return true;
      }
    }
    return false;
  }
}
