package org.powersync.jakarta.syncconfig.schema;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.powersync.jakarta.syncconfig.ConfigMessage;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.yaml.BucketDefinition;
import org.powersync.jakarta.syncconfig.yaml.Messages;
import org.powersync.jakarta.syncconfig.yaml.NamedSql;
import org.powersync.jakarta.syncconfig.yaml.SqlText;
import org.powersync.jakarta.syncconfig.yaml.StreamDefinition;
import org.powersync.jakarta.syncconfig.yaml.SyncConfigDocument;

/** Says which tables and columns of a sync config the source does not have. */
public final class SchemaCheck {
  private static final String DEFAULT_CONNECTION = "default";
  private static final int LAST_EDITION_WITH_ID_CHECK = 2;

  private final SyncConfigDocument document;
  private final String defaultSchema;
  private final SourceSchema schema;
  private final Messages messages;

  private SchemaCheck(
      SyncConfigDocument document, String defaultSchema, SourceSchema schema, Messages messages) {
    this.document = document;
    this.defaultSchema = defaultSchema;
    this.schema = schema;
    this.messages = messages;
  }

  /**
   * Checks a text that loads.
   *
   * @return warnings; none for a text that is no sync config
   */
  public static List<ConfigMessage> check(String yaml, String defaultSchema, SourceSchema schema) {
    Messages messages = new Messages(yaml);
    // What is wrong with the document itself is said when it is loaded.
    SyncConfigDocument.read(yaml, new Messages(yaml))
        .ifPresent(document -> check(document, defaultSchema, schema, messages));
    return messages.toList();
  }

  /** Adds a warning for every table and column that is not there. */
  public static void check(
      SyncConfigDocument document, String defaultSchema, SourceSchema schema, Messages messages) {
    new SchemaCheck(document, defaultSchema, schema, messages).checkAll();
  }

  private void checkAll() {
    for (BucketDefinition definition : document.bucketDefinitions()) {
      definition.parameters().orElse(List.of()).forEach(sql -> check(sql, Set.of(), false));
      definition.data().forEach(sql -> check(sql, Set.of(), true));
    }
    Set<String> global = names(document.with());
    document.with().forEach(cte -> check(cte.sql(), global, false));
    boolean idNeeded = document.options().compatibility().edition() <= LAST_EDITION_WITH_ID_CHECK;
    for (StreamDefinition stream : document.streams()) {
      Set<String> known = new HashSet<>(global);
      known.addAll(names(stream.with()));
      stream.with().forEach(cte -> check(cte.sql(), known, false));
      stream.queries().forEach(sql -> check(sql, known, idNeeded));
    }
  }

  /** The names of common table expressions, each of which is looked at on the way. */
  private Set<String> names(List<NamedSql> expressions) {
    Set<String> names = new HashSet<>();
    for (NamedSql expression : expressions) {
      names.add(expression.name());
      TableName shadowed = new TableName(DEFAULT_CONNECTION, defaultSchema, expression.name());
      if (schema.tables().stream().anyMatch(table -> table.name().equals(shadowed))) {
        messages.warning(
            "cte-shadows-table",
            "The source has a table of this name, which is hidden by it",
            expression.namePlace());
      }
    }
    return names;
  }

  private void check(SqlText sql, Set<String> expressions, boolean idNeeded) {
    QueryCheck check = new QueryCheck(sql, expressions, defaultSchema, schema, messages);
    sql.parse(new Messages(""))
        .ifPresent(
            statements ->
                statements.forEach(
                    statement -> check.statement(statement, Optional.empty(), idNeeded)));
  }
}
