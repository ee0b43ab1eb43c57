package org.powersync.jakarta.auth;

import com.nimbusds.jose.JWSObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/**
 * Finds the key of a token among all sources (sync API section 6.4). Safe for all threads; waits
 * for keys that are still to be fetched, a few seconds at most, and only if none of the
 * configuration decides.
 */
final class KeySelection {
  private static final int MAX_KEYS_LOGGED = 20;

  /** How long a token waits for keys, of all sources together. */
  static final Duration PATIENCE = Duration.ofSeconds(3);

  private final List<KeySource> sources;

  KeySelection(List<KeySource> sources) {
    this.sources = List.copyOf(sources);
  }

  /** Asks every source, so that what has to be fetched is under way before it is needed. */
  void warmUp() {
    sources.forEach(KeySource::keys);
  }

  /** Whether a token may have to wait now, for keys that are being fetched. Never waits itself. */
  boolean mayWait() {
    return !sources.stream().allMatch(source -> source.keys().toCompletableFuture().isDone());
  }

  /**
   * The key that verifies the token.
   *
   * @throws PowerSyncException PSYNC_S2101 if there is none, or the error of a source
   */
  VerificationKey verifying(JWSObject token) {
    Answers answers = new Answers(sources.stream().map(KeySource::keys).toList());
    String kid = token.getHeader().getKeyID();
    if (kid != null && !kid.isEmpty()) {
      for (int i = 0; i < sources.size(); i++) {
        for (VerificationKey key : answers.get(i).keys()) {
          if (key.key().kid().filter(kid::equals).isPresent()) {
            return checked(key, token);
          }
        }
      }
    }
    for (int i = 0; i < sources.size(); i++) {
      for (VerificationKey key : answers.get(i).keys()) {
        if (key.wildcard()
            && key.key().fits(algorithm(token))
            && SignatureCheck.verifies(key.key(), token)) {
          return key;
        }
      }
    }
    sources.forEach(KeySource::keyNotFound);
    throw notFound(answers.all(), token);
  }

  private static VerificationKey checked(VerificationKey key, JWSObject token) {
    if (!key.key().fits(algorithm(token))) {
      throw refusal("The token's algorithm does not fit its key", token)
          .with("key", key.description());
    }
    if (!SignatureCheck.verifies(key.key(), token)) {
      throw refusal("The signature of the token is not valid", token)
          .with("key", key.description());
    }
    return key;
  }

  private static PowerSyncException notFound(List<KeySource.Keys> answers, JWSObject token) {
    Optional<PowerSyncException> error =
        answers.stream().flatMap(keys -> keys.error().stream()).findFirst();
    if (error.isPresent()) {
      return error.get();
    }
    List<String> known = new ArrayList<>();
    for (KeySource.Keys keys : answers) {
      keys.keys().stream().map(VerificationKey::description).forEach(known::add);
    }
    int more = known.size() - MAX_KEYS_LOGGED;
    return refusal("No configured key matches the token's key id and algorithm", token)
        .with("knownKeys", more > 0 ? known.subList(0, MAX_KEYS_LOGGED) + " and more" : known);
  }

  private static PowerSyncException refusal(String text, JWSObject token) {
    return new PowerSyncException(ErrorCode.PSYNC_S2101, text)
        .with("kid", LogText.of(token.getHeader().getKeyID()))
        .with("alg", LogText.of(algorithm(token)));
  }

  private static String algorithm(JWSObject token) {
    return token.getHeader().getAlgorithm().getName();
  }

  /** What the sources answer for one token, waited for until its patience ends. */
  private static final class Answers {
    private final List<CompletionStage<KeySource.Keys>> stages;
    private final long deadline = System.nanoTime() + PATIENCE.toNanos();

    private Answers(List<CompletionStage<KeySource.Keys>> stages) {
      this.stages = stages;
    }

    private KeySource.Keys get(int source) {
      CompletableFuture<KeySource.Keys> answer = stages.get(source).toCompletableFuture();
      try {
        return answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        return late("no answer yet");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return late("interrupted");
      } catch (ExecutionException e) {
        throw new IllegalStateException("a source of keys failed", e.getCause());
      }
    }

    private List<KeySource.Keys> all() {
      return IntStream.range(0, stages.size()).mapToObj(this::get).toList();
    }

    private static KeySource.Keys late(String reason) {
      PowerSyncException error =
          new PowerSyncException(
                  ErrorCode.PSYNC_S2204, "The keys that verify tokens are not available")
              .with("reason", reason);
      return new KeySource.Keys(List.of(), Optional.of(error));
    }
  }
}
