package org.powersync.jakarta.replication.postgres.server;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Watches how much log a slot may still hold back while tables are copied, and says so before the
 * slot is lost (replication section 1.14). One thread.
 */
public final class WalBudget {
  private static final Logger LOG = Logger.getLogger(WalBudget.class.getName());
  private static final int WARN_PERCENT = 50;
  private static final double SHOWN_HOURS = 48;
  private static final double KIB = 1024;

  private final OptionalLong limit;
  private long sampledAt;
  private OptionalLong sample = OptionalLong.empty();

  /**
   * @param limit bytes; empty = unlimited, or the server has no such setting
   */
  public WalBudget(OptionalLong limit) {
    this.limit = limit;
  }

  public static WalBudget read(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT setting::bigint, unit FROM pg_settings"
                    + " WHERE name = 'max_slot_wal_keep_size'")) {
      return new WalBudget(
          row.next() ? bytes(row.getLong(1), row.getString(2)) : OptionalLong.empty());
    }
  }

  static OptionalLong bytes(long setting, String unit) {
    if (setting < 0) {
      return OptionalLong.empty();
    }
    long factor =
        switch (unit == null ? "MB" : unit) {
          case "kB" -> 1L << 10;
          case "8kB" -> 8L << 10;
          default -> 1L << 20;
        };
    return OptionalLong.of(setting * factor);
  }

  /** Bytes; empty = unlimited or unknown. */
  public OptionalLong limit() {
    return limit;
  }

  /** Logs one line about the slot, with advice when half of the budget is used up. */
  public void log(ReplicationSlot slot, long nowNanos) {
    if (limit.isEmpty()) {
      LOG.log(Level.INFO, "Slot {0}: the log it may hold back is not limited", slot.name());
      return;
    }
    if (slot.safeWalSize().isEmpty()) {
      return;
    }
    long safe = slot.safeWalSize().getAsLong();
    long percent = Math.round(100.0 * safe / limit.getAsLong());
    String line =
        "Slot %s: %s of %s left (%d%%)%s"
            .formatted(
                slot.name(),
                size(safe),
                size(limit.getAsLong()),
                percent,
                exhaustion(safe, nowNanos).map(time -> ", used up in about " + time).orElse(""));
    LOG.log(percent <= WARN_PERCENT ? Level.WARNING : Level.INFO, line);
    if (percent <= WARN_PERCENT) {
      LOG.warning("The slot is lost when nothing is left: raise max_slot_wal_keep_size in time");
    }
    sample = OptionalLong.of(safe);
    sampledAt = nowNanos;
  }

  private Optional<String> exhaustion(long safe, long nowNanos) {
    if (sample.isEmpty() || sample.getAsLong() <= safe || nowNanos <= sampledAt) {
      return Optional.empty();
    }
    double hours = (nowNanos - sampledAt) / (double) Duration.ofHours(1).toNanos();
    double left = safe / ((sample.getAsLong() - safe) / hours);
    return left < SHOWN_HOURS ? Optional.of(duration(left)) : Optional.empty();
  }

  /** For people: minutes, hours or days. */
  public static String duration(double hours) {
    if (hours < 1) {
      return Math.round(hours * 60) + " minutes";
    }
    return hours < 24
        ? String.format(Locale.ROOT, "%.1f hours", hours)
        : String.format(Locale.ROOT, "%.1f days", hours / 24);
  }

  /** For people: one decimal, units of 1024. */
  public static String size(double bytes) {
    if (bytes < KIB) {
      return (long) bytes + "B";
    }
    if (bytes < KIB * KIB) {
      return String.format(Locale.ROOT, "%.1fKB", bytes / KIB);
    }
    return bytes < KIB * KIB * KIB
        ? String.format(Locale.ROOT, "%.1fMB", bytes / (KIB * KIB))
        : String.format(Locale.ROOT, "%.1fGB", bytes / (KIB * KIB * KIB));
  }
}
