package org.powersync.jakarta.storage.postgres.sql;

import java.sql.Connection;
import java.sql.SQLException;

/** Statements on one connection. Leaves committing and closing to the caller. */
@FunctionalInterface
public interface SqlWork<T> {
  T run(Connection connection) throws SQLException;
}
