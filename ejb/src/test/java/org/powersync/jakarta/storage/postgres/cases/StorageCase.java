package org.powersync.jakarta.storage.postgres.cases;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.powersync.jakarta.storage.BucketChecksum;
import org.powersync.jakarta.storage.BucketChunk;
import org.powersync.jakarta.storage.BucketOperation;
import org.powersync.jakarta.storage.BucketPosition;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.BucketStorage;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.BucketWriter.CommitResult;
import org.powersync.jakarta.storage.Deployment;
import org.powersync.jakarta.storage.IdentityColumn;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.ReadLimits;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.RowChange;
import org.powersync.jakarta.storage.SnapshotProgress;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.StreamStatus;
import org.powersync.jakarta.storage.WriterOptions;
import org.powersync.jakarta.storage.postgres.PostgresBucketStorageProvider;
import org.powersync.jakarta.storage.postgres.ProviderSettings;
import org.powersync.jakarta.storage.postgres.StorageFixture;
import org.powersync.jakarta.storage.postgres.TextConfigs;
import org.powersync.jakarta.storage.postgres.compact.PostgresCompaction;
import org.powersync.jakarta.storage.postgres.write.BatchLimits;
import org.powersync.jakarta.storage.postgres.write.PostgresBucketWriter;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;
import org.powersync.jakarta.syncconfig.TableEvaluator;
import org.powersync.jakarta.syncconfig.TableName;

/** One case: a deployed sync config, a writer and a reader. Bucket names without stream prefix. */
public final class StorageCase implements AutoCloseable {
  public static final String G = definition("global", "SELECT id, description FROM \"%\"");
  public static final String G_STAR = definition("global", "select * from test");
  public static final String B = definition("mybucket", "SELECT * FROM test");
  public static final String E = "bucket_definitions:\n  mybucket:\n    data: []\n";

  private static final String TABLE_ID = "6544e3899293153fa7b383";

  private final StorageFixture fixture = new StorageFixture("case");
  private final TestReaders readers = new TestReaders(fixture.database());
  private final BatchLimits limits;
  private final PostgresBucketStorageProvider provider;
  private final int version;
  private final List<BucketWriter> writers = new ArrayList<>();
  private BucketStorage storage;
  private BucketWriter writer;

  public StorageCase(int version, String config) {
    this(version, config, BatchLimits.DEFAULT);
  }

  public StorageCase(int version, String config, BatchLimits limits) {
    this.version = version;
    this.limits = limits;
    this.provider =
        new PostgresBucketStorageProvider(
            fixture.resources(),
            new ProviderSettings(2, "test_", true),
            new TextConfigs(),
            (target, options) ->
                new PostgresBucketWriter(target, options, this.limits, Runnable::run),
            readers,
            readers.writeCheckpoints());
    deploy(config);
  }

  /** A definition of one data query without parameters. */
  public static String definition(String name, String... queries) {
    StringBuilder yaml = new StringBuilder("bucket_definitions:\n  " + name + ":\n    data:\n");
    for (String query : queries) {
      yaml.append("      - ").append(query).append('\n');
    }
    return yaml.toString();
  }

  /** Deploys another config and goes on with its stream. */
  public StorageCase deploy(String config) {
    ReplicationStream stream =
        provider.deploy(new Deployment(config, Optional.empty(), OptionalInt.of(version)));
    storage = provider.storage(stream);
    writer = writer(WriterOptions.streaming());
    return this;
  }

  public BucketWriter writer(WriterOptions options) {
    BucketWriter made = storage.writer(options);
    writers.add(made);
    return made;
  }

  public BucketWriter writer() {
    return writer;
  }

  public StorageFixture fixture() {
    return fixture;
  }

  public PostgresBucketStorageProvider provider() {
    return provider;
  }

  public BucketStorage storage() {
    return storage;
  }

  public PostgresCompaction compaction() {
    return new PostgresCompaction(fixture.resources());
  }

  public DeployedSyncConfig config() {
    return storage.syncConfig();
  }

  public int version() {
    return version;
  }

  /** The usual source table. */
  public SourceTable table(String name) {
    return table(name, "31");
  }

  /** A source table whose id ends in two digits. */
  public SourceTable table(String name, String idEnd) {
    TableName table = TableName.of("public", name);
    TableEvaluator evaluator = config().evaluator(table);
    return new SourceTable(
        TABLE_ID + idEnd,
        table,
        OptionalLong.empty(),
        List.of(new IdentityColumn("id", Optional.of("VARCHAR"), OptionalInt.of(25))),
        true,
        SnapshotProgress.NONE,
        true,
        evaluator.syncsData(),
        evaluator.syncsParameters(),
        evaluator.triggersEvents());
  }

  public StorageCase done(String barrier) {
    writer.markAllSnapshotDone(new Lsn(barrier));
    return this;
  }

  public StorageCase save(RowChange... changes) {
    for (RowChange change : changes) {
      writer.save(change);
    }
    return this;
  }

  public Optional<OpId> flush() {
    return writer.flush();
  }

  public CommitResult commit(String position) {
    return writer.commit(new Lsn(position), true);
  }

  public CommitResult commitIfChanged(String position) {
    return writer.commit(new Lsn(position), false);
  }

  public StreamStatus status() {
    return storage.status();
  }

  /** The newest checkpoint, 0 before the first. */
  public OpId checkpoint() {
    return storage.reader().checkpoint().opId();
  }

  public BucketReader reader() {
    return storage.reader();
  }

  public BucketName bucket(String name) {
    return new BucketName(version == 1 ? name : storage.stream().id() + "#" + name);
  }

  public BucketChecksum checksum(String bucket) {
    BucketName name = bucket(bucket);
    return reader().checksums(checkpoint(), List.of(name)).get(name);
  }

  /** Chunks of buckets after positions, which alternate: name, position, … */
  public List<BucketChunk> read(ReadLimits limits, Object... bucketsAndPositions) {
    return read(checkpoint(), limits, bucketsAndPositions);
  }

  public List<BucketChunk> read(OpId checkpoint, ReadLimits limits, Object... bucketsAndPositions) {
    List<BucketPosition> positions = new ArrayList<>();
    for (int i = 0; i < bucketsAndPositions.length; i += 2) {
      positions.add(
          new BucketPosition(
              bucket((String) bucketsAndPositions[i]),
              new OpId((Integer) bucketsAndPositions[i + 1])));
    }
    return reader().read(checkpoint, positions, limits);
  }

  /** All operations ever written of a bucket, as short texts: {@code 1 PUT test1 2871785649}. */
  public List<String> operations(String bucket) {
    List<String> operations = new ArrayList<>();
    for (BucketOperation operation : all(bucket)) {
      operations.add(text(operation));
    }
    return operations;
  }

  /** All operations of a bucket, whether or not a checkpoint covers them. */
  public List<BucketOperation> all(String bucket) {
    List<BucketOperation> operations = new ArrayList<>();
    read(new OpId(Long.MAX_VALUE), new ReadLimits(10_000, 1 << 26), bucket, 0)
        .forEach(chunk -> operations.addAll(chunk.operations()));
    return operations;
  }

  public static String text(BucketOperation operation) {
    return "%d %s%s %d"
        .formatted(
            operation.opId(),
            operation.kind(),
            operation.objectId() == null ? "" : " " + operation.objectId(),
            operation.checksum());
  }

  public static String data(BucketOperation operation) {
    return operation.data() == null ? null : new String(operation.data(), StandardCharsets.UTF_8);
  }

  public List<JsonNode> rows(String query) {
    return fixture.rows(query);
  }

  public void execute(String... statements) {
    fixture.database().execute(statements);
  }

  public Map<String, Long> writeCheckpoints(String user, String position) {
    return provider
        .writeCheckpoints()
        .effective(List.of(user), Optional.ofNullable(position).map(Lsn::new));
  }

  @Override
  public void close() {
    writers.forEach(BucketWriter::close);
    readers.close();
    fixture.close();
  }
}
