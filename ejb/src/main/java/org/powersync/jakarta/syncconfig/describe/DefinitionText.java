package org.powersync.jakarta.syncconfig.describe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.TablePattern;
import org.powersync.jakarta.syncconfig.schema.TableNames;
import org.powersync.jakarta.syncconfig.sql.Expression;
import org.powersync.jakarta.syncconfig.sql.FromItem;
import org.powersync.jakarta.syncconfig.sql.Identifier;
import org.powersync.jakarta.syncconfig.sql.SelectColumn;
import org.powersync.jakarta.syncconfig.sql.Statement;
import org.powersync.jakarta.syncconfig.yaml.BucketDefinition;
import org.powersync.jakarta.syncconfig.yaml.Messages;
import org.powersync.jakarta.syncconfig.yaml.SqlText;
import org.powersync.jakarta.syncconfig.yaml.SyncConfigDocument;

/**
 * A bucket definition as written (sync API section 2.6, {@code bucket_definitions}).
 *
 * @param parameters names of the bucket parameters
 * @param globalParameterQueries those that read no table
 * @param parameterQueries those that read one
 */
public record DefinitionText(
    String name,
    List<String> parameters,
    List<String> globalParameterQueries,
    List<String> parameterQueries,
    List<Data> dataQueries) {
  /** What a definition without parameter queries has in their place. */
  private static final String NO_PARAMETERS = "SELECT";

  /**
   * A data query.
   *
   * @param outputTable what clients call the table, a pattern if it is one without alias
   * @param columns names of the columns, {@code *} for all
   */
  public record Data(String sql, TablePattern table, String outputTable, List<String> columns) {}

  /** The bucket definitions of a text that loads, in document order; streams are left out. */
  public static List<DefinitionText> of(String yaml, String defaultSchema) {
    return SyncConfigDocument.read(yaml, new Messages(yaml))
        .map(SyncConfigDocument::bucketDefinitions)
        .orElse(List.of())
        .stream()
        .map(definition -> of(definition, defaultSchema))
        .toList();
  }

  private static DefinitionText of(BucketDefinition definition, String defaultSchema) {
    List<String> parameters = new ArrayList<>();
    List<String> global = new ArrayList<>();
    List<String> tables = new ArrayList<>();
    if (definition.parameters().isEmpty()) {
      global.add(NO_PARAMETERS);
    }
    for (SqlText sql : definition.parameters().orElse(List.of())) {
      Optional<Statement.Select> select = select(sql);
      (select.map(Statement.Select::from).orElse(List.of()).isEmpty() ? global : tables)
          .add(sql.text());
      if (parameters.isEmpty()) {
        select.ifPresent(query -> parameters.addAll(names(query)));
      }
    }
    List<Data> data =
        definition.data().stream().flatMap(sql -> data(sql, defaultSchema).stream()).toList();
    return new DefinitionText(definition.name(), parameters, global, tables, data);
  }

  private static Optional<Data> data(SqlText sql, String defaultSchema) {
    Optional<Statement.Select> select = select(sql);
    if (select.isEmpty()
        || select.get().from().isEmpty()
        || !(select.get().from().get(0) instanceof FromItem.Table table)) {
      return Optional.empty();
    }
    return TableNames.pattern(table, defaultSchema)
        .map(
            pattern ->
                new Data(
                    sql.text(),
                    pattern,
                    table.alias().map(Identifier::name).orElse(pattern.name()),
                    names(select.get())));
  }

  private static Optional<Statement.Select> select(SqlText sql) {
    return sql.parse(new Messages("")).stream()
        .flatMap(List::stream)
        .filter(Statement.Select.class::isInstance)
        .map(Statement.Select.class::cast)
        .findFirst();
  }

  private static List<String> names(Statement.Select select) {
    return select.columns().stream().flatMap(column -> name(column).stream()).toList();
  }

  private static Optional<String> name(SelectColumn column) {
    if (column.alias().isPresent()) {
      return column.alias().map(Identifier::name);
    }
    if (column.expression() instanceof Expression.Star) {
      return Optional.of("*");
    }
    return column.expression() instanceof Expression.ColumnReference reference
        ? Optional.of(reference.column().name())
        : Optional.empty();
  }
}
