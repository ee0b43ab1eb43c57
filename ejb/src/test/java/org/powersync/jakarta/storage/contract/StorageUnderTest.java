package org.powersync.jakarta.storage.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.powersync.jakarta.storage.BucketOperation;
import org.powersync.jakarta.storage.BucketPosition;
import org.powersync.jakarta.storage.BucketStorage;
import org.powersync.jakarta.storage.BucketStorageProvider;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.Compaction;
import org.powersync.jakarta.storage.ConnectionReports;
import org.powersync.jakarta.storage.Deployment;
import org.powersync.jakarta.storage.IdentityColumn;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.ReadLimits;
import org.powersync.jakarta.storage.ReplicaId;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.RowChange;
import org.powersync.jakarta.storage.SourceDescriptor;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.WriterOptions;
import org.powersync.jakarta.storage.postgres.write.Rows;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.TableName;

/** A provider on empty storage, and what tests do with it again and again. */
public record StorageUnderTest(
    BucketStorageProvider provider,
    Compaction compaction,
    ConnectionReports reports,
    Runnable onClose)
    implements AutoCloseable {
  static final String TODOS =
      """
      bucket_definitions:
        todos:
          data:
            - SELECT id, body FROM todos
      """;
  static final String LISTS =
      """
      bucket_definitions:
        lists:
          parameters: SELECT id AS list FROM lists WHERE owner = token_parameters.user_id
          data:
            - SELECT id, list, body FROM todos WHERE list = bucket.list
      """;

  BucketStorage deploy(String config) {
    return provider.storage(provider.deploy(Deployment.of(config)));
  }

  /** Deploys a config and makes its first checkpoint. */
  BucketStorage serve(String config) {
    return serve(config, "00000001");
  }

  /** As {@link #serve(String)}, with a checkpoint at this position. */
  BucketStorage serve(String config, String position) {
    BucketStorage storage = deploy(config);
    write(storage, position);
    return storage;
  }

  /** Writes changes and commits them at a position. */
  void write(BucketStorage storage, String position, RowChange... changes) {
    try (BucketWriter writer = storage.writer(WriterOptions.streaming())) {
      if (!storage.status().snapshotDoneFlag()) {
        writer.markAllSnapshotDone(new Lsn("00000000"));
      }
      for (RowChange change : changes) {
        writer.save(change);
      }
      writer.commit(new Lsn(position), true);
    }
  }

  SourceTable table(BucketStorage storage, String name) {
    try (BucketWriter writer = storage.writer(WriterOptions.streaming())) {
      return writer
          .resolveTables(
              new SourceDescriptor(
                  1,
                  TableName.of("public", name),
                  OptionalLong.of(name.hashCode()),
                  List.of(new IdentityColumn("id", Optional.of("text"), OptionalInt.of(25))),
                  false))
          .table();
    }
  }

  static RowChange put(SourceTable table, String id, String body) {
    return Rows.update(table, Rows.row("id", id, "body", body));
  }

  static RowChange remove(SourceTable table, String id) {
    return new RowChange.Delete(table, rid(id));
  }

  static ReplicaId rid(String id) {
    return Rows.rid(id);
  }

  static BucketName bucket(ReplicationStream stream, String name) {
    return new BucketName(stream.id() + "#" + name);
  }

  /** Operations after a position, up to the newest checkpoint, as {@code PUT a} and the like. */
  static List<String> operations(BucketStorage storage, String bucket, long after) {
    OpId checkpoint = storage.reader().checkpoint().opId();
    List<String> operations = new ArrayList<>();
    storage
        .reader()
        .read(
            checkpoint,
            List.of(new BucketPosition(bucket(storage.stream(), bucket), new OpId(after))),
            ReadLimits.DEFAULT)
        .forEach(chunk -> chunk.operations().forEach(operation -> operations.add(text(operation))));
    return operations;
  }

  private static String text(BucketOperation operation) {
    return operation.objectId() == null
        ? operation.kind().name()
        : operation.kind() + " " + operation.objectId();
  }

  @Override
  public void close() {
    onClose.run();
  }
}
