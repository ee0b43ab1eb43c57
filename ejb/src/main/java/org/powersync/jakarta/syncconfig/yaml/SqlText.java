package org.powersync.jakarta.syncconfig.yaml;

import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.sql.Span;
import org.powersync.jakarta.syncconfig.sql.SqlParser;
import org.powersync.jakarta.syncconfig.sql.SqlSyntaxException;
import org.powersync.jakarta.syncconfig.sql.Statement;
import org.powersync.jakarta.syncconfig.yaml.YamlNode.YamlScalar;

/** An SQL text in a document. Used by one thread. */
public final class SqlText {
  private final String yaml;
  private final YamlScalar scalar;
  private ScalarPositions positions;

  SqlText(String yaml, YamlScalar scalar) {
    this.yaml = yaml;
    this.scalar = scalar;
  }

  /** An SQL text that stands alone, as a stored plan keeps it; it is its own document. */
  public static SqlText alone(String sql) {
    Place all = new Place(0, sql.length());
    return new SqlText(sql, new YamlScalar(sql, YamlScalar.Style.PLAIN, false, all, all));
  }

  /** The SQL, with YAML's escapes and folded lines resolved. */
  public String text() {
    return scalar.text();
  }

  /** All of the text, for messages about the query as a whole. */
  public Span whole() {
    return new Span(0, scalar.text().length());
  }

  /** Where a part of the SQL stands in the document. */
  public Place place(Span span) {
    if (positions == null) {
      positions = new ScalarPositions(yaml, scalar);
    }
    return positions.place(span.start(), span.end());
  }

  /**
   * Parses the text.
   *
   * @return at least one statement; empty after a fatal {@code sql-syntax} message
   */
  public Optional<List<Statement>> parse(Messages messages) {
    try {
      return Optional.of(SqlParser.parse(text()));
    } catch (SqlSyntaxException e) {
      messages.fatal("sql-syntax", e.getMessage(), this, e.span());
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return text();
  }
}
