package org.powersync.jakarta.bench;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.powersync.jakarta.fixture.TestPostgres;

/**
 * Connections whose statements are explained as they run, by {@code auto_explain} in the server,
 * which sends each plan along as a notice. Collects the first plan of every statement. Safe for all
 * threads.
 */
final class ExplainedConnections {
  private static final String OPTIONS =
      "-c session_preload_libraries=auto_explain -c auto_explain.log_min_duration=0"
          + " -c auto_explain.log_parameter_max_length=0 -c auto_explain.log_level=notice";

  /** The statement, and from the first line with a cost on its plan. */
  private static final Pattern PLAN =
      Pattern.compile("Query Text: (.*?)\\n([^\\n]*\\(cost=.*)", Pattern.DOTALL);

  private final DataSource dataSource;
  private final Map<String, String> plans = new LinkedHashMap<>();

  ExplainedConnections(TestPostgres.Database database) {
    PGSimpleDataSource simple = database.dataSource();
    simple.setOptions(OPTIONS);
    dataSource = wrap(DataSource.class, simple);
  }

  DataSource dataSource() {
    return dataSource;
  }

  /** First plans since the last call, by statement. */
  synchronized Map<String, String> take() {
    Map<String, String> taken = new LinkedHashMap<>(plans);
    plans.clear();
    return taken;
  }

  private synchronized void collect(SQLWarning warning) {
    for (SQLWarning next = warning; next != null; next = next.getNextWarning()) {
      Matcher plan = PLAN.matcher(String.valueOf(next.getMessage()));
      if (plan.find()) {
        plans.putIfAbsent(plan.group(1).strip(), plan.group(2).strip());
      }
    }
  }

  private <T> T wrap(Class<T> type, Object target) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (target instanceof Statement statement && method.getName().equals("close")) {
                collect(statement.getWarnings());
              }
              Object result;
              try {
                result = method.invoke(target, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              if (target instanceof Connection connection && method.getName().equals("commit")) {
                // A cursor that outlives its transaction runs at its end.
                collect(connection.getWarnings());
                connection.clearWarnings();
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
