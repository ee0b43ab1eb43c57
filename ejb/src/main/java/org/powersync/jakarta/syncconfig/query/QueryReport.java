package org.powersync.jakarta.syncconfig.query;

import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.sql.Identifier;
import org.powersync.jakarta.syncconfig.sql.RefusedClause;
import org.powersync.jakarta.syncconfig.sql.Span;
import org.powersync.jakarta.syncconfig.sql.Statement;
import org.powersync.jakarta.syncconfig.yaml.Messages;
import org.powersync.jakarta.syncconfig.yaml.SqlText;

/** Messages about one query. */
public record QueryReport(SqlText sql, Messages messages) {

  public void fatal(String about, String text, Span span) {
    messages.fatal(about, text, sql, span);
  }

  /** A fatal message about the query as a whole. */
  public void fatal(String about, String text) {
    fatal(about, text, sql.whole());
  }

  public void warning(String about, String text, Span span) {
    messages.warning(about, text, sql, span);
  }

  /** A fatal message, and the clause that stands for it. */
  public Clause broken(String about, String text, Span span) {
    fatal(about, text, span);
    return Clause.BROKEN;
  }

  /** Warns about a name whose capitals do not count. */
  public void checkCase(Identifier name) {
    if (name.folded()) {
      warning(
          "identifier-lowercased",
          "Unquoted names are lower case; write \"quotes\" around it to keep capitals",
          name.span());
    }
  }

  /** The only statement of the text, when it is a plain SELECT. */
  public Optional<Statement.Select> select() {
    Optional<List<Statement>> statements = sql.parse(messages);
    if (statements.isEmpty()) {
      return Optional.empty();
    }
    if (statements.get().size() > 1) {
      fatal(
          "multiple-statements",
          "Only one statement is allowed; make it a query of its own",
          statements.get().get(1).span());
      return Optional.empty();
    }
    return select(statements.get().get(0));
  }

  /** A statement, at the top or in parentheses, when it is a plain SELECT. */
  public Optional<Statement.Select> select(Statement statement) {
    if (!(statement instanceof Statement.Select select)) {
      fatal("not-a-select", "Only SELECT is allowed", statement.span());
      return Optional.empty();
    }
    for (RefusedClause clause : select.refused()) {
      fatal("clause-not-supported", clause.words() + " is not supported", clause.span());
    }
    return Optional.of(select);
  }
}
