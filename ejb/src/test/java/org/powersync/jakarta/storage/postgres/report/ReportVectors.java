package org.powersync.jakarta.storage.postgres.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.powersync.jakarta.storage.ConnectionReports;
import org.powersync.jakarta.storage.postgres.StorageFixture;
import org.powersync.jakarta.storage.vector.VectorFile;
import org.powersync.jakarta.storage.vector.VectorTally;

/** {@code scenario-reports.json}: queries over fixed rows. */
public final class ReportVectors implements VectorFile {
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  @Override
  public void check(JsonNode file, VectorTally tally) {
    try (StorageFixture fixture = new StorageFixture("reports")) {
      fixture
          .database()
          .execute(
              "INSERT INTO powersync.connection_report_events SELECT * FROM"
                  + " jsonb_populate_recordset(NULL::powersync.connection_report_events, '"
                  + file.get("rows")
                  + "')");
      ConnectionReports reports = new PostgresConnectionReports(fixture.resources());
      for (JsonNode one : file.get("cases")) {
        String name = one.get("operation").asText();
        JsonNode input = one.get("input");
        tally.check(
            "reports, " + name + " " + input,
            () -> {
              switch (name.split(",")[0]) {
                case "connected clients" ->
                    assertThat(json(reports.current())).isEqualTo(one.get("result"));
                case "connection reports" ->
                    assertThat(json(reports.between(time(input, "start"), time(input, "end"))))
                        .isEqualTo(one.get("result"));
                case "analytics" ->
                    assertThat(json(reports.list(query(input)))).isEqualTo(one.get("result"));
                case "delete old" -> {
                  reports.deleteBefore(time(input, "date"));
                  assertThat(
                          fixture.rows(
                              "SELECT id FROM powersync.connection_report_events ORDER BY id"))
                      .extracting(row -> row.get("id"))
                      .containsExactlyElementsOf(one.get("remaining_ids"));
                }
                default -> throw new AssertionError("unknown operation");
              }
            });
      }
    }
  }

  private static Instant time(JsonNode input, String name) {
    return Instant.parse(input.get(name).asText());
  }

  private static ConnectionReports.Query query(JsonNode input) {
    JsonNode range = input.path("date_range");
    return new ConnectionReports.Query(
        text(input, "user_id"),
        text(input, "client_id"),
        text(range, "start").map(Instant::parse),
        text(range, "end").map(Instant::parse),
        text(input, "cursor").map(Instant::parse),
        input.path("limit").asInt());
  }

  private static Optional<String> text(JsonNode input, String name) {
    return Optional.ofNullable(input.get(name)).map(JsonNode::asText);
  }

  private static JsonNode json(ConnectionReports.Summary summary) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("users", (int) summary.users());
    ArrayNode sdks = json.putArray("sdks");
    summary
        .sdks()
        .forEach(
            use ->
                sdks.addObject()
                    .put("sdk", use.sdk())
                    .put("clients", (int) use.clients())
                    .put("users", (int) use.users()));
    return json;
  }

  private static JsonNode json(ConnectionReports.Page page) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode items = json.putArray("items");
    for (ConnectionReports.Entry entry : page.entries()) {
      ObjectNode item =
          items
              .addObject()
              .put("id", entry.id())
              .put("user_id", entry.userId())
              .put("client_id", entry.clientId())
              .put("user_agent", entry.userAgent())
              .put("sdk", entry.sdk());
      entry.tokenExpiresAt().ifPresent(at -> item.put("jwt_exp", ISO.format(at)));
      entry.disconnectedAt().ifPresent(at -> item.put("disconnected_at", ISO.format(at)));
      item.put("connected_at", ISO.format(entry.connectedAt()));
    }
    page.cursor().ifPresent(cursor -> json.put("cursor", ISO.format(cursor)));
    return json.put("count", page.entries().size()).put("more", page.cursor().isPresent());
  }
}
