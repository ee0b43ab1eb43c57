package org.powersync.jakarta.auth;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.powersync.jakarta.connection.AddressRestriction;

/**
 * Fetches key sets over HTTP (sync API section 6.5): bounded in time, size and redirects, and never
 * from an address that is rejected. Safe for all threads.
 *
 * <p>Names are resolved here to be checked, and again by the HTTP client to connect; the cache of
 * the JVM gives it the answer that was checked.
 */
final class JwksClient {
  static final Duration TIMEOUT = Duration.ofSeconds(30);
  static final int MAX_BYTES = 1 << 20;
  static final int MAX_REDIRECTS = 5;

  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final AddressRestriction LOCAL = AddressRestriction.of(List.of("local"));

  private final HttpClient client;
  private final AddressRestriction restriction;
  private final Resolver resolver;
  private final Duration timeout;

  /** Finds the addresses of a host. */
  interface Resolver {
    InetAddress[] resolve(String host) throws UnknownHostException;
  }

  /**
   * @param restriction of the configuration
   * @param timeout of a fetch as a whole
   * @param threads for the HTTP client's own tasks, which are short
   */
  JwksClient(AddressRestriction restriction, Duration timeout, Executor threads) {
    this(restriction, InetAddress::getAllByName, timeout, threads);
  }

  JwksClient(
      AddressRestriction restriction, Resolver resolver, Duration timeout, Executor threads) {
    this.restriction = restriction;
    this.resolver = resolver;
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .executor(threads)
            .build();
  }

  /**
   * Fetches a key set.
   *
   * @throws IOException if there is none, with a text fit for a log
   * @throws InterruptedException while waiting for an answer
   */
  Jwks fetch(URI start) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    boolean startsLocal = isLocal(checked(start));
    URI uri = start;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      HttpResponse<byte[]> answer = send(uri, deadline);
      if (!REDIRECTS.contains(answer.statusCode())) {
        return keys(answer);
      }
      uri = redirected(uri, answer);
      // Whoever answers in public must not send us into the operator's own network.
      List<InetAddress> addresses = checked(uri);
      if (!startsLocal && isLocal(addresses)) {
        throw new IOException("redirected from a public to a local address");
      }
    }
    throw new IOException("more than " + MAX_REDIRECTS + " redirects");
  }

  private List<InetAddress> checked(URI uri) throws IOException {
    List<InetAddress> addresses = List.of(resolver.resolve(uri.getHost()));
    if (addresses.stream().anyMatch(restriction::rejects)) {
      throw new IOException("the address of " + uri.getHost() + " is in a rejected range");
    }
    return addresses;
  }

  private static boolean isLocal(List<InetAddress> addresses) {
    return addresses.stream().anyMatch(LOCAL::rejects);
  }

  private HttpResponse<byte[]> send(URI uri, long deadline)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri).header("Accept", "application/json").GET().build();
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request, info -> new LimitedBody(MAX_BYTES));
    try {
      return answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new IOException("no complete answer within " + timeout.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      String reason = Optional.ofNullable(e.getCause().getMessage()).orElse("no connection");
      throw new IOException(reason, e.getCause());
    } finally {
      answer.cancel(true);
    }
  }

  private static Jwks keys(HttpResponse<byte[]> answer) throws IOException {
    if (answer.statusCode() / 100 != 2) {
      throw new IOException("the answer has status " + answer.statusCode());
    }
    try {
      return Jwks.parse(answer.body());
    } catch (IOException e) {
      throw new IOException("the answer is not JSON", e);
    }
  }

  private static URI redirected(URI from, HttpResponse<?> answer) throws IOException {
    URI to;
    try {
      to = from.resolve(answer.headers().firstValue("Location").orElse(""));
    } catch (IllegalArgumentException e) {
      throw new IOException("redirected to an invalid URL", e);
    }
    String scheme = String.valueOf(to.getScheme()).toLowerCase(Locale.ROOT);
    boolean secure = scheme.equals("https");
    if (to.getHost() == null || !secure && !scheme.equals("http")) {
      throw new IOException("redirected to a URL that is neither http nor https");
    }
    if (!secure && from.getScheme().equalsIgnoreCase("https")) {
      throw new IOException("redirected from https to http");
    }
    return to;
  }
}
