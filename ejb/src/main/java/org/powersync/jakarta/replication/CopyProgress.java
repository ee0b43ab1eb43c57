package org.powersync.jakarta.replication;

import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.powersync.jakarta.replication.ReplicationStatus.Table;

/**
 * How far the copy of a stream's tables is.
 *
 * @param tablesDone of {@code tables}
 * @param copiedRows of all tables
 * @param estimatedRows of all tables, at least those copied; empty while one was never analysed
 * @param rowsPerSecond at present
 * @param secondsLeft empty while unknown
 */
public record CopyProgress(
    int tablesDone,
    int tables,
    long copiedRows,
    OptionalLong estimatedRows,
    double rowsPerSecond,
    OptionalLong secondsLeft) {

  /** Of these tables together. */
  public static CopyProgress of(List<Table> tables) {
    int done = 0;
    long copied = 0;
    long estimated = 0;
    boolean known = true;
    double rate = 0;
    for (Table table : tables) {
      done += table.done() ? 1 : 0;
      copied += table.copiedRows();
      known &= table.done() || table.estimatedRows() >= 0;
      estimated +=
          table.done() ? table.copiedRows() : Math.max(table.estimatedRows(), table.copiedRows());
      rate += table.done() ? 0 : table.rowsPerSecond().orElse(0);
    }
    OptionalLong total = known ? OptionalLong.of(estimated) : OptionalLong.empty();
    return new CopyProgress(done, tables.size(), copied, total, rate, left(copied, total, rate));
  }

  private static OptionalLong left(long copied, OptionalLong total, double rate) {
    return total.isPresent() && rate > 0
        ? OptionalLong.of(Math.round((total.getAsLong() - copied) / rate))
        : OptionalLong.empty();
  }

  /** For people: {@code 1200000 of about 5000000 rows (24 %), 85000 rows/s, 45 s left}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(tablesDone).append(" of ").append(tables).append(" tables, ").append(copiedRows);
    if (estimatedRows.isPresent()) {
      long total = estimatedRows.getAsLong();
      text.append(" of about ").append(total).append(" rows");
      if (total > 0) {
        text.append(" (").append(100 * copiedRows / total).append(" %)");
      }
    } else {
      text.append(" of ? rows");
    }
    text.append(String.format(Locale.ROOT, ", %.0f rows/s", rowsPerSecond));
    secondsLeft.ifPresent(seconds -> text.append(", about ").append(time(seconds)).append(" left"));
    return text.toString();
  }

  private static String time(long seconds) {
    if (seconds < 120) {
      return seconds + " s";
    }
    return seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
  }
}
