package org.powersync.jakarta.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetricsServerTest {
  private MetricsServer server;

  @BeforeEach
  void start() throws IOException {
    server = new MetricsServer(0, Executors.newFixedThreadPool(2), () -> "powersync_x 1\n");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpResponse<String> send(String method, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()).build(),
            BodyHandlers.ofString());
  }

  @Test
  void metricsAreAtTheirPathOnly() throws Exception {
    HttpResponse<String> page = send("GET", "/metrics");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).isEqualTo("powersync_x 1\n");
    assertThat(page.headers().firstValue("Content-Type").orElseThrow())
        .isEqualTo("text/plain; version=0.0.4; charset=utf-8");
    assertThat(send("HEAD", "/metrics").statusCode()).isEqualTo(200);
    for (String path : new String[] {"/", "/metrics/", "/metricsx", "/x/metrics"}) {
      assertThat(send("GET", path).statusCode()).isEqualTo(404);
    }
    assertThat(send("POST", "/metrics").statusCode()).isEqualTo(404);
    assertThat(send("GET", "/metrics?x=1").statusCode()).isEqualTo(200);
  }
}
