package org.powersync.jakarta.web;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.powersync.jakarta.diagnostics.ActiveConfig;
import org.powersync.jakarta.sync.RequestMembers;
import org.powersync.jakarta.syncconfig.SyncRequest;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.value.JsonReader;
import org.powersync.jakarta.syncconfig.value.JsonValues;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * {@code POST /api/admin/v1/explain-row} and {@code …/explain-request}: why the active sync config
 * puts a row into buckets, and what it gives a request. Not routes of the reference.
 */
@WebServlet(
    urlPatterns = {ExplainServlet.ROW_PATH, "/api/admin/v1/explain-request"},
    asyncSupported = true)
public class ExplainServlet extends AdminServlet {
  static final String ROW_PATH = "/api/admin/v1/explain-row";

  private static final long serialVersionUID = 1L;

  @Inject private transient ActiveConfig active;

  public ExplainServlet() {
    super(POST);
  }

  @Override
  boolean needsStorage() {
    return true;
  }

  @Override
  Answer prepare(Exchange exchange, Map<String, Object> parameters) {
    RequestMembers members = new RequestMembers(parameters);
    return exchange.request().getServletPath().equals(ROW_PATH) ? row(members) : request(members);
  }

  private Answer row(RequestMembers members) {
    String schema = members.string("schema").orElse("public");
    Optional<String> table = members.requiredString("table");
    SourceRow row = row(members, members.value("row").orElse(null));
    members.check();
    return answered ->
        answered.answer(
            ExplanationDocument.rows(active.row(TableName.of(schema, table.orElseThrow()), row)));
  }

  /** An object, of which integral numbers are INTEGER, or the text of one, which is exact. */
  private static SourceRow row(RequestMembers members, Object given) {
    try {
      if (given instanceof String text) {
        if (JsonReader.read(text, JsonReader.Numbers.EXACT) instanceof Map<?, ?> columns) {
          return row(columns, json -> JsonValues.toSql(json, true));
        }
      } else if (given instanceof Map<?, ?> columns) {
        return row(columns, JsonValues::toRowValue);
      }
      members.reject("row", "must be an object, or the JSON text of one");
    } catch (JsonReader.MalformedJsonException e) {
      members.reject("row", "is a text, but not JSON");
    }
    return SourceRow.of(List.of(), List.of());
  }

  private static SourceRow row(Map<?, ?> columns, Function<Object, SqlValue> conversion) {
    return SourceRow.of(
        columns.keySet().stream().map(String.class::cast).toList(),
        columns.values().stream().map(conversion).toList());
  }

  private Answer request(RequestMembers members) {
    members.require("token");
    Map<String, Object> token = members.object("token").orElse(Map.of());
    Map<String, Object> connection = members.object("parameters").orElse(Map.of());
    boolean defaults = members.bool("include_defaults").orElse(true);
    List<SyncRequest.Subscription> subscriptions = new ArrayList<>();
    for (RequestMembers subscription : members.objects("subscriptions")) {
      subscriptions.add(
          new SyncRequest.Subscription(
              subscription.requiredString("stream").orElse(""),
              subscription.object("parameters").orElse(Map.of()),
              OptionalInt.empty()));
    }
    members.check();
    SyncRequest request = new SyncRequest(token, connection, defaults, subscriptions);
    return answered -> answered.answer(ExplanationDocument.requests(active.request(request)));
  }
}
