package org.powersync.jakarta.web;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.diagnostics.ConfiguredSource;
import org.powersync.jakarta.replication.SourceInspection;

/** {@code POST /api/admin/v1/schema}: tables and columns of the source (sync API section 2.5). */
@WebServlet(urlPatterns = "/api/admin/v1/schema", asyncSupported = true)
public class SchemaServlet extends AdminServlet {
  private static final long serialVersionUID = 1L;

  @Inject private transient ConfiguredSource source;

  public SchemaServlet() {
    super(POST);
  }

  @Override
  Answer prepare(Exchange exchange, Map<String, Object> parameters) {
    return answered -> answered.answer(document(source.get()));
  }

  private static Map<String, Object> document(Optional<SourceInspection> source) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put(
        "connections", source.map(SchemaServlet::connection).map(List::of).orElse(List.of()));
    document.put("defaultConnectionTag", source.map(SourceInspection::tag).orElse("default"));
    document.put("defaultSchema", source.map(SourceInspection::defaultSchema).orElse("public"));
    return document;
  }

  private static Map<String, Object> connection(SourceInspection source) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("id", source.id());
    document.put("tag", source.tag());
    document.put("schemas", source.schemas().stream().map(SchemaServlet::schema).toList());
    return document;
  }

  private static Map<String, Object> schema(SourceInspection.Schema schema) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", schema.name());
    document.put("tables", schema.tables().stream().map(SchemaServlet::table).toList());
    return document;
  }

  private static Map<String, Object> table(SourceInspection.Table table) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", table.name());
    document.put("columns", table.columns().stream().map(SchemaServlet::column).toList());
    return document;
  }

  private static Map<String, Object> column(SourceInspection.Column column) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", column.name());
    document.put("sqlite_type", column.sqliteType());
    document.put("internal_type", column.type());
    document.put("type", column.type());
    document.put("pg_type", column.pgType());
    return document;
  }
}
