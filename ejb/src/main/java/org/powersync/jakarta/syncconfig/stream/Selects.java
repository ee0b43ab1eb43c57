package org.powersync.jakarta.syncconfig.stream;

import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.sql.RefusedClause;
import org.powersync.jakarta.syncconfig.sql.Statement;
import org.powersync.jakarta.syncconfig.yaml.SqlText;

/** Statements that have to be plain SELECTs (sync config section 4.3). */
final class Selects {
  private Selects() {}

  /** The first statement of a text; edition 3 does not look at further ones. */
  static Optional<Statement.Select> parse(SqlText sql, Report report) {
    Optional<List<Statement>> statements = sql.parse(report.messages());
    return statements.flatMap(parsed -> check(parsed.get(0), sql, report));
  }

  /** The statement when it is a SELECT, its clauses checked. */
  static Optional<Statement.Select> check(Statement statement, SqlText sql, Report report) {
    if (!(statement instanceof Statement.Select select)) {
      return report.broken(
          "not-a-select", "Only SELECT is allowed", new Origin(sql, statement.span()));
    }
    for (RefusedClause clause : select.refused()) {
      if (clause.kind() != RefusedClause.Kind.DISTINCT) {
        report.fatal(
            "clause-not-supported",
            clause.words() + " is not supported",
            new Origin(sql, clause.span()));
      }
    }
    return Optional.of(select);
  }
}
