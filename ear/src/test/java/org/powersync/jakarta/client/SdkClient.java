package org.powersync.jakarta.client;

import co.touchlab.kermit.Logger;
import co.touchlab.kermit.Severity;
import com.powersync.DatabaseDriverFactory;
import com.powersync.PowerSyncDatabase;
import com.powersync.PowerSyncDatabaseFactoryKt;
import com.powersync.bucket.StreamPriority;
import com.powersync.connectors.PowerSyncBackendConnector;
import com.powersync.connectors.PowerSyncCredentials;
import com.powersync.db.SqlCursor;
import com.powersync.db.crud.CrudBatch;
import com.powersync.db.crud.CrudEntry;
import com.powersync.db.schema.Schema;
import com.powersync.sync.SyncOptions;
import com.powersync.sync.SyncStream;
import com.powersync.utils.JsonParam;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kotlin.Unit;
import kotlin.coroutines.Continuation;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlin.jvm.functions.Function2;
import kotlinx.coroutines.BuildersKt;
import kotlinx.coroutines.CoroutineScope;
import kotlinx.coroutines.CoroutineScopeKt;
import kotlinx.coroutines.Dispatchers;
import kotlinx.coroutines.SupervisorKt;
import org.powersync.jakarta.fixture.Await;

/**
 * The published Kotlin SDK with blocking methods: a local SQLite database that syncs with the
 * server and uploads local writes through a callback, which plays the application's backend.
 */
public final class SdkClient implements AutoCloseable {
  private static final Method SUBSCRIBE = mangled(SyncStream.class, "subscribe-", 3);
  private static final Method BOX = mangled(StreamPriority.class, "box-", 1);

  static {
    // Otherwise every line received is printed.
    Logger.Companion.setMinSeverity(Severity.Warn);
  }

  private final PowerSyncDatabase database;
  private final CoroutineScope scope;
  private final PowerSyncBackendConnector connector;

  /**
   * @param service the sync service
   * @param token fetched for every connection
   * @param folder of the local database
   * @param schema client tables
   * @param upload called with each local write, in order; throws to have it repeated
   */
  public SdkClient(
      URI service, Supplier<String> token, Path folder, Schema schema, Consumer<CrudEntry> upload) {
    this.scope =
        CoroutineScopeKt.CoroutineScope(
            SupervisorKt.SupervisorJob(null).plus(Dispatchers.getDefault()));
    this.database =
        PowerSyncDatabaseFactoryKt.PowerSyncDatabase(
            new DatabaseDriverFactory(),
            schema,
            "client.db",
            scope,
            Logger.Companion,
            folder.toAbsolutePath().toString());
    this.connector =
        new PowerSyncBackendConnector() {
          @Override
          public Object fetchCredentials(Continuation<? super PowerSyncCredentials> continuation) {
            return new PowerSyncCredentials(service.toString(), token.get(), null);
          }

          @Override
          public Object uploadData(
              PowerSyncDatabase local, Continuation<? super Unit> continuation) {
            CrudBatch batch = await(next -> local.getCrudBatch(100, next));
            if (batch != null) {
              batch.getCrud().forEach(upload);
              SdkClient.<Unit>await(next -> batch.getComplete().invoke(null, next));
            }
            return Unit.INSTANCE;
          }
        };
  }

  /** Connects and keeps connected; returns at once. */
  public void connect() {
    SdkClient.<Unit>await(
        next -> database.connect(connector, 100, 500, Map.of(), new SyncOptions(), Map.of(), next));
  }

  public void disconnect() {
    SdkClient.<Unit>await(next -> database.disconnect(next));
  }

  /**
   * Subscribes to a stream until the client is closed.
   *
   * @param priority instead of the stream's
   */
  public void subscribe(String stream, Map<String, String> parameters, OptionalInt priority) {
    Map<String, JsonParam> values = new HashMap<>();
    parameters.forEach((name, value) -> values.put(name, new JsonParam.String(value)));
    SyncStream description = database.syncStream(stream, values);
    SdkClient.<Object>await(next -> SUBSCRIBE.invoke(description, null, boxed(priority), next));
  }

  private static Object boxed(OptionalInt priority) throws ReflectiveOperationException {
    return priority.isEmpty() ? null : BOX.invoke(null, priority.getAsInt());
  }

  /** A method whose name the compiler of Kotlin completed, so that Java source cannot write it. */
  private static Method mangled(Class<?> type, String prefix, int parameters) {
    return Stream.of(type.getMethods())
        .filter(method -> method.getName().startsWith(prefix))
        .filter(method -> method.getParameterCount() == parameters)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no " + prefix + " in " + type));
  }

  /** Rows as texts by column name; NULL is null. */
  public List<Map<String, String>> query(String sql) {
    List<? extends Map<String, String>> rows =
        SdkClient.<List<? extends Map<String, String>>>await(
            next -> database.getAll(sql, List.of(), SdkClient::row, next));
    return List.copyOf(rows);
  }

  /** A local write, queued for upload. */
  public void execute(String sql) {
    SdkClient.<Long>await(next -> database.execute(sql, List.of(), next));
  }

  /** Whether everything written locally was uploaded and came back in an applied checkpoint. */
  public boolean uploadsApplied() {
    return !query(
            """
            SELECT 1 AS applied
              FROM ps_kv target
              JOIN ps_kv seen ON seen.key = 'last_applied_checkpoint_request_id'
             WHERE target.key = 'target_checkpoint_request_id'
               AND CAST(seen.value AS INTEGER) >= CAST(target.value AS INTEGER)
               AND NOT EXISTS (SELECT 1 FROM ps_crud)
            """)
        .isEmpty();
  }

  /** Waits until the query gives exactly these rows. */
  public void awaitRows(String sql, Duration deadline, List<Map<String, String>> expected) {
    Await.until(
        sql + " gives " + expected,
        deadline,
        () -> {
          List<Map<String, String>> found = query(sql);
          if (!found.equals(expected)) {
            throw new AssertionError("found " + found + "; " + database.getCurrentStatus());
          }
          return true;
        });
  }

  @Override
  public void close() {
    SdkClient.<Unit>await(next -> database.close(next));
    CoroutineScopeKt.cancel(scope, null);
  }

  private static Map<String, String> row(SqlCursor cursor) {
    Map<String, String> row = new LinkedHashMap<>();
    for (int i = 0; i < cursor.getColumnCount(); i++) {
      row.put(cursor.columnName(i), cursor.getString(i));
    }
    return row;
  }

  /** A call of the SDK that would suspend. */
  @FunctionalInterface
  private interface Suspending<T> {
    Object call(Continuation<? super T> next) throws Exception;
  }

  private static <T> T await(Suspending<T> suspending) {
    Function2<CoroutineScope, Continuation<? super T>, Object> call =
        (coroutine, next) -> {
          try {
            return suspending.call(next);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        };
    try {
      return BuildersKt.runBlocking(EmptyCoroutineContext.INSTANCE, call);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
