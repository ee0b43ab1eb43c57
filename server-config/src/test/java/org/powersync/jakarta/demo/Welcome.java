package org.powersync.jakarta.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Follows the first copy and then says, once, what to try. Run again and again by one thread. */
final class Welcome implements Runnable {
  static final String API_TOKEN = "demo-admin-token";

  private static final Pattern TABLE =
      Pattern.compile("\"name\":\"([^\"]+)\",\"estimated_rows\":(\\d+),\"copied_rows\":(\\d+)");

  private final URI server;
  private final String token;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(1))
          .build();
  private String told = "";
  private boolean said;

  /**
   * @param token of the user whose stream is shown
   */
  Welcome(int port, String token) {
    this.server = URI.create("http://127.0.0.1:" + port);
    this.token = token;
  }

  @Override
  public void run() {
    if (said) {
      return;
    }
    Optional<String> status = status();
    if (status.isPresent() && status.get().contains("\"state\":\"ACTIVE\"")) {
      said = true;
      welcome();
    } else {
      status.ifPresent(this::progress);
    }
  }

  private void progress(String status) {
    StringBuilder tables = new StringBuilder();
    Matcher table = TABLE.matcher(status);
    while (table.find()) {
      tables.append(
          String.format(
              "%n   %-20s %,d of about %,d rows",
              table.group(1), Long.valueOf(table.group(3)), Long.valueOf(table.group(2))));
    }
    if (!tables.isEmpty() && !told.contentEquals(tables)) {
      told = tables.toString();
      System.out.println(" First copy:" + told);
    }
  }

  private void welcome() {
    System.out.printf(
        """

        ────────────────────────────────────────────────────────────────────────────
         PowerSync is running. Three users (ann, bob, cleo) have to-do lists, and
         every two seconds something changes in them.

         Admin page   %1$s/admin/            (API token: %3$s)

         Token of ann %2$s

         Follow what ann's devices receive:

         curl -N %1$s/sync/stream -H 'Authorization: Bearer %2$s' \\
              -H 'Content-Type: application/json' -d '{"raw_data":true}'

         Ctrl-C stops the server and the databases.
        ────────────────────────────────────────────────────────────────────────────

        """,
        server, token, API_TOKEN);
  }

  /** What the server says of itself; empty as long as it does not listen. */
  private Optional<String> status() {
    try {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(server.resolve("/api/admin/v1/status"))
                  .timeout(Duration.ofSeconds(2))
                  .header("Authorization", "Bearer " + API_TOKEN)
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // not listening yet: asked again in a second
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
