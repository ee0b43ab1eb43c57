package org.powersync.jakarta.demo;

import java.io.IOException;
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
import java.util.logging.Level;
import java.util.logging.Logger;
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

  private static final Logger DATABASE_LOG = Logger.getLogger("io.zonky.test.db.postgres");

  private Demo() {}

  /**
   * @param args folder for data, PostgreSQL port, HTTP port
   */
  public static void main(String[] args) throws IOException, SQLException {
    Path folder = Path.of(args[0]);
    int postgresPort = Integer.parseInt(args[1]);
    int httpPort = Integer.parseInt(args[2]);

    // What the database says is of no use to somebody who looks at the demonstration.
    DATABASE_LOG.setLevel(Level.WARNING);
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
}
