package org.powersync.jakarta.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.powersync.jakarta.client.Tokens;
import org.powersync.jakarta.fixture.TestPostgres;

/**
 * What the application brings: {@code GET /USER/token} gives a token, {@code POST /USER/upload}
 * applies local writes on lists to the source. Answers pages of any origin. Safe for all threads.
 */
final class Backend implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TestPostgres.Database source;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  Backend(TestPostgres.Database source) {
    this.source = source;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Where a program of this user finds it. */
  URI uri(String user) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + user);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String[] path = exchange.getRequestURI().getPath().split("/");
      exchange.getResponseHeaders().set("Access-Control-Allow-Origin", "*");
      if (path.length == 3 && path[2].equals("token")) {
        answer(exchange, 200, Tokens.user(path[1]));
      } else if (path.length == 3 && path[2].equals("upload")) {
        apply(JSON.readTree(exchange.getRequestBody()));
        answer(exchange, 200, "");
      } else {
        answer(exchange, 404, "");
      }
    } catch (SQLException e) {
      answer(exchange, 500, e.toString());
    }
  }

  private void apply(JsonNode writes) throws SQLException {
    try (Connection connection = source.connect()) {
      connection.setAutoCommit(false);
      for (JsonNode write : writes) {
        apply(connection, write);
      }
      connection.commit();
    }
  }

  private static void apply(Connection connection, JsonNode write) throws SQLException {
    if (!write.path("table").asText().equals("lists")) {
      throw new SQLException("no writes on " + write.path("table"));
    }
    String sql =
        switch (write.path("op").asText()) {
          case "PUT" ->
              "INSERT INTO lists (name, owner_id, id) VALUES (?, ?, ?)"
                  + " ON CONFLICT (id) DO UPDATE SET name = excluded.name";
          case "PATCH" ->
              "UPDATE lists SET name = coalesce(?, name), owner_id = coalesce(?, owner_id)"
                  + " WHERE id = ?";
          case "DELETE" -> "DELETE FROM lists WHERE ?::text IS NULL AND ?::text IS NULL AND id = ?";
          default -> throw new SQLException("no such operation: " + write.path("op"));
        };
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, write.path("data").path("name").asText(null));
      statement.setString(2, write.path("data").path("owner_id").asText(null));
      statement.setString(3, write.path("id").asText());
      statement.executeUpdate();
    }
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
