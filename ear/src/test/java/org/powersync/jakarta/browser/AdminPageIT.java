package org.powersync.jakarta.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.e2e.ServiceSettings;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/** What operators see on the admin page of the deployed EAR. Needs Chromium on the PATH. */
class AdminPageIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String TOKEN = "admin-token-1";
  private static final String HOSTILE = "<img src=x onerror=document.title='broken'>";
  private static final String CONFIG =
      """
      bucket_definitions:
        by_owner:
          parameters: SELECT request.user_id() AS owner
          data:
            - SELECT id, name FROM lists WHERE owner_id = bucket.owner
        by_team:
          priority: 1
          parameters: SELECT team FROM members WHERE person = request.user_id()
          data:
            - SELECT id, name FROM lists WHERE team = bucket.team
        admins:
          parameters: SELECT WHERE request.jwt() ->> 'admin'
          data:
            - SELECT id FROM members
        failing:
          data:
            - SELECT id, json_array_length(name) AS n FROM lists
      """;

  private static LibertyServer server;
  private static Chromium browser;

  private BrowserPage page;

  @BeforeAll
  static void start() {
    Optional<Path> program = Chromium.find();
    Assumptions.assumeTrue(program.isPresent(), "no Chromium on the PATH");
    TestPostgres.Database database = TestPostgres.shared().createDatabase("admin_page");
    database.execute(
        "CREATE TABLE lists (id text PRIMARY KEY, name text, owner_id text, team int8)",
        "CREATE TABLE members (id text PRIMARY KEY, person text, team int8)",
        "CREATE PUBLICATION powersync FOR ALL TABLES",
        "INSERT INTO members VALUES ('m', 'ann', 9007199254740993)");
    server =
        new LibertyServer(
                "admin-page",
                ServiceSettings.of(database.uri(), database.uri(), Optional.of(CONFIG)),
                Map.of())
            .start()
            .awaitReady();
    Await.until("the sync config is active", SOON, AdminPageIT::active);
    browser = new Chromium(program.get(), server.output().resolve("browser"));
  }

  private static boolean active() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.uri().resolve("/api/admin/v1/explain-request"))
            .header("Authorization", "Token " + TOKEN)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"token\": {}}"))
            .build();
    return HttpClient.newHttpClient()
            .send(request, HttpResponse.BodyHandlers.discarding())
            .statusCode()
        == 200;
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void signIn() {
    page = browser.open(server.uri().resolve("/admin/"));
    Await.until(
        "the page is loaded",
        SOON,
        () -> page.evaluate("document.readyState").asText().equals("complete"));
    page.fill("token", TOKEN);
    page.press("Show status");
    page.awaitText("connection", "Live");
  }

  @AfterEach
  void close() {
    assertThat(page.complaints()).isEmpty();
    page.evaluate("sessionStorage.clear()");
    page.close();
  }

  @Test
  void showsHealthAndReplication() {
    assertThat(page.text("health")).contains("replication", "Good");
    page.awaitText("replication", "public.members");
    assertThat(page.text("replication")).contains("public.lists", "done");
    assertAccessible();
  }

  /** Every control has a name, and no two regions have the same one. */
  private void assertAccessible() {
    assertThat(page.names("button", "textbox", "checkbox")).isNotEmpty().doesNotContain("");
    assertThat(page.names("region", "form"))
        .isNotEmpty()
        .doesNotContain("")
        .doesNotHaveDuplicates();
  }

  @Test
  void looksAtTheSourceOnRequestAndSaysHowToMendIt() {
    page.press("Check the source");

    page.awaitText("preflight-summary", "0 of ");
    assertThat(page.text("preflight-findings"))
        .contains("The publication contains bucket storage itself", "DROP PUBLICATION powersync;");
    assertAccessible();
  }

  @Test
  void explainsWhyARowIsInABucketAndWhyAQueryLeavesItOut() {
    page.fill("row-table", "lists");
    page.fill("row-json", "{\"id\": \"l\", \"name\": \"[1]\", \"owner_id\": \"ann\"}");
    page.press("Explain row");

    page.awaitText("explain-row-summary", "2 of 3 queries on this table use the row.");
    assertThat(page.text("explain-row-result").split("by_team"))
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .contains(
                        "by_owner",
                        "SELECT id, name FROM lists WHERE owner_id = bucket.owner",
                        "The row meets the condition: it is in 1 bucket.",
                        "by_owner[\"ann\"]\t\"ann\""),
            second ->
                assertThat(second)
                    .contains("The row does not meet the condition of this query.", "failing[]"));
    assertAccessible();
  }

  @Test
  void explainsTheLookupsOfARowWithEveryDigitOfItsNumbers() {
    page.fill("row-table", "members");
    page.fill("row-json", "{\"id\": \"m\", \"person\": 9007199254740993, \"team\": 1}");
    page.press("Explain row");

    page.awaitText("explain-row-result", "requests with these values find it");
    assertThat(page.text("explain-row-result")).contains("by_team\t1\t9007199254740993");

    page.fill("row-json", "{\"id\": \"m\", \"person\": 1.5}");
    page.press("Explain row");
    page.awaitText("explain-row-result", "by_team\t1\t1.5");
  }

  @Test
  void showsTheErrorOfAQueryAsText() {
    page.fill("row-table", "lists");
    page.fill(
        "row-json",
        "{\"id\": \"l\", \"name\": \"%1$s\", \"owner_id\": \"%1$s\"}".formatted(HOSTILE));
    page.press("Explain row");

    page.awaitText("explain-row-summary", "1 fail");
    assertThat(page.text("explain-row-result"))
        .contains("invalid-json", "by_owner[\"" + HOSTILE + "\"]");
    assertThat(page.evaluate("document.querySelectorAll('img').length").asInt()).isZero();
    assertThat(page.evaluate("document.title").asText()).isEqualTo("PowerSync admin");
  }

  @Test
  void explainsWhatARequestGetsAndWhyNot() {
    page.fill("request-token", "{\"sub\": \"ann\"}");
    page.press("Explain request");

    page.awaitText("explain-request-summary", "3 buckets from 3 of 4 definitions and streams.");
    assertThat(page.text("explain-request-result"))
        .contains(
            "by_owner[\"ann\"]\t\"ann\"\t3\tby default",
            "by_team[9007199254740993]\t9007199254740993\t1\tby default",
            "by_team\t1\t\"ann\"\tfound",
            "No buckets: the request does not meet the conditions on it")
        .doesNotContain("nothing found");

    page.fill("row-table", "lists");
    page.fill("row-json", "{\"id\": \"l\", \"name\": \"[1]\", \"owner_id\": \"ann\"}");
    page.press("Explain row");
    page.awaitText("explain-row-result", "by_owner");
    page.picture(server.output().resolve("admin-page.png"));

    page.fill("request-token", "{\"sub\": \"bob\", \"admin\": 1}");
    page.press("Explain request");
    page.awaitText("explain-request-result", "by_team\t1\t\"bob\"\tnothing found");
    assertThat(page.text("explain-request-result"))
        .contains("the lookups below did not find what is needed", "admins[]\tnone");
    assertAccessible();
  }

  @Test
  void explainsSubscriptionsWithoutDefaults() {
    page.fill("request-token", "{\"sub\": \"ann\"}");
    page.fill("request-subscriptions", "[{\"stream\": \"by_owner\"}]");
    page.evaluate("document.getElementById('request-defaults').click()");
    page.press("Explain request");

    page.awaitText("explain-request-summary", "1 bucket from 1 of 4 definitions and streams.");
    assertThat(page.text("explain-request-result"))
        .contains("no default of it, and no subscription names it");
  }

  @Test
  void saysWhatIsWrongWithWhatWasTyped() {
    page.fill("row-table", "lists");
    page.fill("row-json", "{id: 1}");
    page.press("Explain row");
    page.awaitText("explain-row-error", "The row: no valid JSON");
    page.fill("row-json", "[1]");
    page.press("Explain row");
    page.awaitText("explain-row-error", "The row: must be a JSON object");

    page.fill("request-token", "{\"sub\": \"ann\"}");
    page.fill("request-subscriptions", "[{\"parameters\": {}}]");
    // The browser itself notes a refused request; nothing else may be amiss.
    page.press("Explain request");
    page.awaitText("explain-request-error", "PSYNC_S2001");
    assertThat(page.text("explain-request-error")).contains("stream");
    assertThat(page.text("explain-request-result")).isEmpty();
    page.forgetComplaints("status of 400");
  }

  @Test
  void signingOutForgetsWhatWasExplained() {
    page.fill("request-token", "{\"sub\": \"ann\"}");
    page.press("Explain request");
    page.awaitText("explain-request-result", "by_owner");
    page.press("Sign out");

    page.awaitText("connection", "Not signed in");
    assertThat(page.evaluate("document.getElementById('request-token').value").asText()).isEmpty();
    assertThat(
            page.evaluate("document.getElementById('explain-request-result').textContent").asText())
        .isEmpty();
  }
}
