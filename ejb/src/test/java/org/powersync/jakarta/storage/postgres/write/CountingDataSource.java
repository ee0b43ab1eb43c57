package org.powersync.jakarta.storage.postgres.write;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/** Counts round trips to the database: statements executed, and COPYs begun. */
public final class CountingDataSource {
  private static final Set<String> EXECUTIONS = Set.of("execute", "executeQuery", "executeUpdate");

  private final DataSource dataSource;
  private final AtomicLong statements = new AtomicLong();

  public CountingDataSource(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  public long statements() {
    return statements.get();
  }

  public void reset() {
    statements.set(0);
  }

  /** The data source whose statements count. */
  DataSource counted() {
    return wrap(DataSource.class, dataSource);
  }

  private <T> T wrap(Class<T> type, Object target) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (EXECUTIONS.contains(method.getName())) {
                statements.incrementAndGet();
              }
              Object result;
              try {
                result = method.invoke(target, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              if (result instanceof PGConnection && method.getName().equals("unwrap")) {
                // Only COPY asks for the driver's own connection.
                statements.incrementAndGet();
                return result;
              }
              return wrapped(result);
            }));
  }

  private Object wrapped(Object result) throws SQLException {
    if (result instanceof Connection connection) {
      return wrap(Connection.class, connection);
    }
    if (result instanceof PreparedStatement statement) {
      return wrap(PreparedStatement.class, statement);
    }
    return result instanceof Statement statement ? wrap(Statement.class, statement) : result;
  }
}
