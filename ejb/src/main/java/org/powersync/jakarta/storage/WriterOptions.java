package org.powersync.jakarta.storage;

import java.util.function.Consumer;

/**
 * How a writer works (storage section 5.1).
 *
 * @param storeCurrentData keep a copy of rows to complete partial updates
 * @param skipExistingRows ignore inserts of rows already stored; updates and deletes then fail
 * @param onUnavailable called for an update that stays incomplete because storage does not know the
 *     row; runs on the flushing thread
 * @param onEvent called for changes of tables that event definitions name; runs on the thread that
 *     saves, which goes on when it fails
 * @param onFailure called for rows that cannot be synced fully; runs on any thread
 */
public record WriterOptions(
    boolean storeCurrentData,
    boolean skipExistingRows,
    Consumer<RowChange.Update> onUnavailable,
    Consumer<RowEvent> onEvent,
    Consumer<RowFailure> onFailure) {

  /** For streaming: copies kept, existing rows overwritten, unavailable rows only logged. */
  public static WriterOptions streaming() {
    return new WriterOptions(true, false, update -> {}, event -> {}, failure -> {});
  }

  /** For copying tables: rows that are already stored win. */
  public static WriterOptions snapshot() {
    return new WriterOptions(true, true, update -> {}, event -> {}, failure -> {});
  }

  public WriterOptions withOnUnavailable(Consumer<RowChange.Update> action) {
    return new WriterOptions(storeCurrentData, skipExistingRows, action, onEvent, onFailure);
  }

  public WriterOptions withOnEvent(Consumer<RowEvent> action) {
    return new WriterOptions(storeCurrentData, skipExistingRows, onUnavailable, action, onFailure);
  }

  public WriterOptions withOnFailure(Consumer<RowFailure> action) {
    return new WriterOptions(storeCurrentData, skipExistingRows, onUnavailable, onEvent, action);
  }
}
