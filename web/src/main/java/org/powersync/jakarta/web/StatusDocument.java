package org.powersync.jakarta.web;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.powersync.jakarta.diagnostics.ServiceStatus;
import org.powersync.jakarta.replication.CopyProgress;
import org.powersync.jakarta.replication.ReplicationStatus;
import org.powersync.jakarta.storage.BucketSizes;
import org.powersync.jakarta.storage.BucketStorageProvider.StorageMetrics;
import org.powersync.jakarta.storage.RowFailures;
import org.powersync.jakarta.storage.StreamStatus;
import org.powersync.jakarta.sync.OpenStream;

/** The status as the admin page reads it; what is not known is null. */
final class StatusDocument {
  private StatusDocument() {}

  static Map<String, Object> of(ServiceStatus status, List<OpenStream> open, Instant now) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("version", status.version());
    document.put("runner", status.runner());
    document.put("uptime_seconds", status.uptime().toSeconds());
    document.put("health", status.health().stream().map(StatusDocument::health).toList());
    document.put(
        "streams",
        Map.of(
            "open",
            status.openStreams(),
            "list",
            open.stream().map(stream -> open(stream, now)).toList()));
    document.put("counters", status.counters());
    document.put("storage", status.storage().map(StatusDocument::storage).orElse(null));
    document.put(
        "replication", status.streams().stream().map(stream -> replication(stream, now)).toList());
    document.put("buckets", buckets(status.buckets()));
    return document;
  }

  private static Map<String, Object> health(ServiceStatus.Part part) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", part.name());
    document.put("state", part.report().state().name());
    document.put("reason", part.report().reason());
    return document;
  }

  private static Map<String, Object> open(OpenStream stream, Instant now) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("user_id", stream.userId());
    document.put("client_id", stream.clientId().orElse(null));
    document.put("connected_seconds", age(stream.since(), now));
    document.put("operations", stream.operations());
    document.put("last_op_id", text(stream.completed()));
    document.put("user_agent", stream.userAgent().isEmpty() ? null : stream.userAgent());
    return document;
  }

  private static Map<String, Object> storage(StorageMetrics metrics) {
    return Map.of(
        "operation_bytes", metrics.operationBytes(),
        "parameter_bytes", metrics.parameterBytes(),
        "replication_bytes", metrics.replicationBytes());
  }

  private static Map<String, Object> replication(ServiceStatus.Stream stream, Instant now) {
    Optional<ReplicationStatus.Stream> here = stream.here();
    Optional<StreamStatus> stored = stream.status();
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", stream.stored().name());
    document.put("state", stored.map(StreamStatus::state).orElse(stream.stored().state()).name());
    document.put("phase", here.map(StatusDocument::phase).orElse("Replicated by another process"));
    document.put("snapshot_done", stored.map(StreamStatus::snapshotDone).orElse(null));
    document.put(
        "confirmed_lsn",
        text(
            here.flatMap(ReplicationStatus.Stream::confirmed)
                .or(() -> stored.flatMap(StreamStatus::resumeLsn))));
    document.put("source_lsn", text(here.flatMap(ReplicationStatus.Stream::received)));
    document.put("checkpoint", text(stored.flatMap(StreamStatus::lastCheckpoint)));
    document.put(
        "checkpoint_age_seconds",
        stored
            .flatMap(StatusDocument::lastProgress)
            .map(progress -> age(progress, now))
            .orElse(null));
    document.put(
        "lag_seconds",
        here.map(ReplicationStatus.Stream::lagSeconds).map(StatusDocument::number).orElse(null));
    document.put(
        "lag_bytes",
        here.map(ReplicationStatus.Stream::lagBytes).map(StatusDocument::number).orElse(null));
    document.put("rows_replicated", here.map(ReplicationStatus.Stream::rows).orElse(null));
    document.put(
        "last_error",
        here.flatMap(ReplicationStatus.Stream::lastFailure)
            .map(ReplicationStatus.Problem::message)
            .or(() -> stored.flatMap(StreamStatus::lastFatalError))
            .orElse(null));
    document.put(
        "copy",
        here.filter(job -> job.tables().stream().anyMatch(table -> !table.done()))
            .map(job -> copy(job.copy()))
            .orElse(null));
    document.put(
        "tables",
        here.map(job -> job.tables().stream().map(StatusDocument::table).toList())
            .orElse(List.of()));
    document.put("row_failures", stream.failures().stream().map(StatusDocument::failure).toList());
    return document;
  }

  private static Map<String, Object> failure(RowFailures.Count count) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("definition", count.failure().definition());
    document.put("table", count.failure().table().toString());
    document.put("about", count.failure().about());
    document.put("text", count.failure().text());
    document.put("count", count.count());
    document.put("last", count.last().toString());
    return document;
  }

  /** The later of checkpoint and keepalive. */
  private static Optional<Instant> lastProgress(StreamStatus status) {
    Optional<Instant> checkpoint = status.lastCheckpointTime();
    Optional<Instant> keepalive = status.lastKeepalive();
    return checkpoint.isPresent() && keepalive.filter(checkpoint.get()::isBefore).isEmpty()
        ? checkpoint
        : keepalive;
  }

  /** In words: {@code WAITING_FOR_LOCK} as {@code Waiting for lock}, and the detail. */
  private static String phase(ReplicationStatus.Stream stream) {
    String words = stream.phase().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    String phase = words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    return stream.detail().isEmpty() ? phase : phase + ": " + stream.detail();
  }

  private static Map<String, Object> table(ReplicationStatus.Table table) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", table.schema() + "." + table.name());
    document.put("estimated_rows", table.estimatedRows());
    document.put("copied_rows", table.copiedRows());
    document.put("done", table.done());
    document.put(
        "rows_per_second",
        table.rowsPerSecond().isPresent() ? Math.round(table.rowsPerSecond().getAsDouble()) : null);
    document.put("seconds_left", table.done() ? null : number(table.copy().secondsLeft()));
    return document;
  }

  /** All tables together, while there is something to copy. */
  private static Map<String, Object> copy(CopyProgress copy) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("tables", copy.tables());
    document.put("tables_done", copy.tablesDone());
    document.put("copied_rows", copy.copiedRows());
    document.put("estimated_rows", number(copy.estimatedRows()));
    document.put("rows_per_second", Math.round(copy.rowsPerSecond()));
    document.put("seconds_left", number(copy.secondsLeft()));
    return document;
  }

  private static Map<String, Object> buckets(Optional<BucketSizes.Largest> largest) {
    String note =
        largest
            .map(
                sizes ->
                    switch (sizes.basis()) {
                      case COUNTED -> "Counted.";
                      case ESTIMATED ->
                          "Estimated from the database's statistics: there are very many"
                              + " operations.";
                      case PARTLY_COUNTED ->
                          "Only a part of the operations was counted: there are very many, and"
                              + " the database has no statistics yet. Run ANALYZE on"
                              + " powersync.bucket_data.";
                    })
            .orElse("Not known: no sync config is active, or storage cannot be read.");
    return Map.of(
        "note",
        note,
        "largest",
        largest.map(BucketSizes.Largest::buckets).orElse(List.of()).stream()
            .map(StatusDocument::bucket)
            .toList());
  }

  private static Map<String, Object> bucket(BucketSizes.Bucket bucket) {
    return Map.of(
        "name", bucket.name().value(),
        "operations", bucket.operations(),
        "last_op_id", bucket.lastOpId().toString());
  }

  private static long age(Instant since, Instant now) {
    return Math.max(0, Duration.between(since, now).toSeconds());
  }

  private static String text(Optional<?> value) {
    return value.map(Object::toString).orElse(null);
  }

  /** Null where nothing is known, so that the answer says so. */
  private static Long number(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }
}
