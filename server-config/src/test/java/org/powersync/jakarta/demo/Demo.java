package org.powersync.jakarta.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Brings up the databases of the demonstration and returns; what goes on afterwards (the changing
 * data, the words of welcome once the server is ready) runs on daemon threads until the build is
 * stopped.
 */
public final class Demo {
  /** Signs the demonstration's tokens; known to everybody, so useless anywhere else. */
  private static final String SECRET = "powersync-demo-key-not-a-secret!";

  private Demo() {}

  /**
   * @param args folder for data, PostgreSQL port, HTTP port
   */
  public static void main(String[] args) throws IOException, SQLException {
    Path folder = Path.of(args[0]);
    int postgresPort = Integer.parseInt(args[1]);
    int httpPort = Integer.parseInt(args[2]);

    DevDatabase database = DevDatabase.start(folder, postgresPort);
    database.ensureDatabase("demo_source");
    database.ensureDatabase("demo_storage");
    TodoData data = new TodoData();
    try (Connection source = database.connect("demo_source")) {
      data.create(source);
    }

    ScheduledExecutorService background =
        Executors.newScheduledThreadPool(
            2,
            task -> {
              Thread thread = new Thread(task, "demo");
              thread.setDaemon(true);
              return thread;
            });
    Welcome welcome = new Welcome(httpPort, token("ann"));
    // The build closes the class path it runs this on as soon as this method returns; what runs
    // later runs once before, so that its classes are there.
    try (Connection source = database.connect("demo_source")) {
      data.changeInEveryWay(source);
    }
    welcome.run();
    background.scheduleWithFixedDelay(() -> change(database, data), 5, 2, TimeUnit.SECONDS);
    background.scheduleWithFixedDelay(welcome, 1, 1, TimeUnit.SECONDS);
  }

  private static void change(DevDatabase database, TodoData data) {
    try (Connection source = database.connect("demo_source")) {
      data.change(source);
    } catch (SQLException | LinkageError e) {
      System.err.println("The demonstration could not change a row: " + e);
    }
  }

  private static String token(String user) {
    long now = Instant.now().getEpochSecond();
    String signed =
        encode("{\"alg\":\"HS256\",\"kid\":\"powersync-dev\",\"typ\":\"JWT\"}")
            + "."
            + encode(
                "{\"sub\":\"%s\",\"aud\":\"powersync-demo\",\"iat\":%d,\"exp\":%d}"
                    .formatted(user, now, now + Duration.ofHours(12).toSeconds()));
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
      return signed
          + "."
          + Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encode(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  /** Waits for the server and then says, once, what to try. */
  private static final class Welcome implements Runnable {
    private final URI server;
    private final String token;
    private final HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();
    private boolean said;

    Welcome(int port, String token) {
      this.server = URI.create("http://127.0.0.1:" + port);
      this.token = token;
    }

    @Override
    public void run() {
      if (said || !ready()) {
        return;
      }
      said = true;
      System.out.printf(
          """

          ────────────────────────────────────────────────────────────────────────────
           PowerSync is running. Three users (ann, bob, cleo) have to-do lists, and
           every two seconds something changes in them.

           Admin page   %1$s/admin/            (API token: demo-admin-token)

           Token of ann %2$s

           Follow what ann's devices receive:

           curl -N %1$s/sync/stream -H 'Authorization: Bearer %2$s' \\
                -H 'Content-Type: application/json' -d '{"raw_data":true}'

           Ctrl-C stops the server and the databases.
          ────────────────────────────────────────────────────────────────────────────

          """,
          server, token);
    }

    private boolean ready() {
      try {
        // Answered once the first snapshot is complete; before, there is nothing to sync.
        return http.send(
                    HttpRequest.newBuilder(server.resolve("/write-checkpoint2.json"))
                        .timeout(Duration.ofSeconds(2))
                        .header("Authorization", "Bearer " + token)
                        .build(),
                    HttpResponse.BodyHandlers.discarding())
                .statusCode()
            == 200;
      } catch (IOException e) {
        return false; // not listening yet: asked again in a second
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }
}
