package org.powersync.jakarta.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.powersync.jakarta.auth.TestTokens.AUDIENCE;
import static org.powersync.jakarta.auth.TestTokens.NOW;
import static org.powersync.jakarta.auth.TestTokens.claims;
import static org.powersync.jakarta.auth.TestTokens.claimsWithout;
import static org.powersync.jakarta.auth.TestTokens.encode;
import static org.powersync.jakarta.auth.TestTokens.header;
import static org.powersync.jakarta.auth.TestTokens.hs256;
import static org.powersync.jakarta.auth.TestTokens.json;
import static org.powersync.jakarta.auth.TestTokens.jwk;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.config.ClientAuth;
import org.powersync.jakarta.config.JsonWebKey;
import org.powersync.jakarta.connection.AddressRestriction;
import org.powersync.jakarta.connection.Secret;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/** Verification of users' tokens with keys of the configuration (sync cases section 10). */
class TokenVerifierTest {
  private static final String K1_SECRET = "mysecret1";
  private static final String WILDCARD_SECRET = "mysecret2";
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  private final TokenVerifier verifier = verifier(List.of(AUDIENCE));

  private static TokenVerifier verifier(List<String> audience) {
    return verifier(
        audience,
        key(jwk("HS256", "k1", utf8(K1_SECRET))),
        key(jwk("HS256", null, utf8(WILDCARD_SECRET))));
  }

  private static TokenVerifier verifier(List<String> audience, VerificationKey... keys) {
    return new TokenVerifier(List.of(new StaticKeys(List.of(keys))), audience, CLOCK);
  }

  private static VerificationKey key(Map<String, Object> jwk) {
    return VerificationKey.of(JsonWebKey.read(jwk));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static PowerSyncException refusal(TokenVerifier verifier, String token) {
    PowerSyncException refusal =
        catchThrowableOfType(PowerSyncException.class, () -> verifier.verify(token));
    assertThat(refusal).as("the token is refused").isNotNull();
    assertThat(refusal.httpStatus()).isEqualTo(401);
    assertThat(refusal.getMessage()).doesNotContain(K1_SECRET, WILDCARD_SECRET);
    if (token.length() > 20) {
      assertThat(refusal.getMessage()).doesNotContain(token);
    }
    return refusal;
  }

  private void assertRefused(ErrorCode code, Map<String, Object> claims) {
    assertThat(refusal(verifier, hs256("k1", K1_SECRET, claims)).code()).isEqualTo(code);
  }

  private void assertAccepted(Map<String, Object> claims) {
    assertThat(verifier.verify(hs256("k1", K1_SECRET, claims)).claims()).isNotEmpty();
  }

  @Tag("auth-basics")
  @Test
  void acceptsAGoodToken() {
    VerifiedToken token = verifier.verify(hs256("k1", K1_SECRET, claims("n", 7)));

    assertThat(token.subject()).isEqualTo("f1");
    assertThat(token.expires()).isEqualTo(NOW.plusSeconds(300));
    assertThat(token.claims()).containsEntry("n", 7.0);
    assertThat(token.toString()).doesNotContain("f1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Token ", "Bearer "})
  void takesBothHeaderForms(String scheme) {
    assertThat(verifier.verifyHeader(scheme + hs256("k1", K1_SECRET, claims())).subject())
        .isEqualTo("f1");
  }

  @Tag("auth-header-forms")
  @ParameterizedTest
  @ValueSource(
      strings = {"bearer x", "Bearer  x", "x", "", "Token", "Token ", "Token x y", " Token x"})
  void asksForATokenWhenTheHeaderHasAnotherForm(String header) {
    PowerSyncException refusal =
        catchThrowableOfType(PowerSyncException.class, () -> verifier.verifyHeader(header));
    assertThat(refusal.code()).isEqualTo(ErrorCode.PSYNC_S2106);
  }

  @Test
  void asksForATokenWhenThereIsNoHeader() {
    PowerSyncException refusal =
        catchThrowableOfType(PowerSyncException.class, () -> verifier.verifyHeader(null));
    assertThat(refusal.code()).isEqualTo(ErrorCode.PSYNC_S2106);
  }

  @Test
  void refusesEveryTokenWhenNoAudienceIsAccepted() {
    String token = hs256("k1", K1_SECRET, claims());
    assertThat(refusal(verifier(List.of("other")), token).code()).isEqualTo(ErrorCode.PSYNC_S2105);
    assertThat(refusal(verifier(List.of()), token).code()).isEqualTo(ErrorCode.PSYNC_S2105);
  }

  @Test
  void namesTheMissingClaim() {
    for (String name : List.of("sub", "iat", "exp")) {
      PowerSyncException refusal = refusal(verifier, hs256("k1", K1_SECRET, claimsWithout(name)));
      assertThat(refusal.code()).isEqualTo(ErrorCode.PSYNC_S2101);
      assertThat(refusal.text()).contains("\"" + name + "\"");
    }
    assertRefused(ErrorCode.PSYNC_S2105, claimsWithout("aud"));
  }

  @Tag("auth-times")
  @Test
  void checksTimesWithATolerance() {
    long now = NOW.getEpochSecond();
    assertAccepted(claims("exp", now - 59));
    assertRefused(ErrorCode.PSYNC_S2103, claims("exp", now - 60));
    assertRefused(ErrorCode.PSYNC_S2103, claims("exp", now - 61));
    assertRefused(ErrorCode.PSYNC_S2103, claims("exp", now - 400));
    assertAccepted(claims("nbf", now + 59));
    assertRefused(ErrorCode.PSYNC_S2101, claims("nbf", now + 61));
    Map<String, Object> later = claims("iat", now + 3600);
    later.put("exp", now + 7200);
    assertAccepted(later);
  }

  @ParameterizedTest
  @ValueSource(strings = {"exp", "iat", "nbf"})
  void refusesTimesThatAreNotNumbers(String name) {
    PowerSyncException refusal = refusal(verifier, hs256("k1", K1_SECRET, claims(name, "1")));
    assertThat(refusal.code()).isEqualTo(ErrorCode.PSYNC_S2101);
    assertThat(refusal.text()).contains("\"" + name + "\"");
    assertRefused(ErrorCode.PSYNC_S2101, claims(name, null));
  }

  @Test
  void acceptsAnyKindOfSubject() {
    for (Object subject : Arrays.asList("", 5, 1.5, true, null, List.of(1), Map.of("id", 1))) {
      assertAccepted(claims("sub", subject));
    }
  }

  @Test
  void acceptsOneOfSeveralAudiences() {
    assertAccepted(claims("aud", List.of("other", AUDIENCE)));
    assertRefused(ErrorCode.PSYNC_S2105, claims("aud", List.of()));
    assertRefused(ErrorCode.PSYNC_S2105, claims("aud", List.of("other")));
    assertRefused(ErrorCode.PSYNC_S2105, claims("aud", 5));
    assertRefused(ErrorCode.PSYNC_S2105, claims("aud", Map.of("a", AUDIENCE)));
  }

  @Test
  void limitsTheLifetimeToADay() {
    long now = NOW.getEpochSecond();
    assertAccepted(claims("exp", now + 86_400));
    PowerSyncException refusal =
        refusal(verifier, hs256("k1", K1_SECRET, claims("exp", now + 86_401)));
    assertThat(refusal.code()).isEqualTo(ErrorCode.PSYNC_S2104);
    assertThat(refusal.text()).contains("86400", "86401");
    assertRefused(ErrorCode.PSYNC_S2104, claims("exp", 1e300));
  }

  @Tag("auth-key-options")
  @Test
  void followsTheRulesOfTheKey() {
    VerificationKey strict =
        new VerificationKey(
            JsonWebKey.read(jwk("HS256", "k1", utf8(K1_SECRET))),
            Optional.of(List.of("other")),
            Optional.of(Duration.ofHours(1)));
    TokenVerifier own = verifier(List.of(AUDIENCE), strict);
    Map<String, Object> claims = claims("aud", "other");
    claims.put("exp", NOW.getEpochSecond() + 3000);
    assertThat(own.verify(hs256("k1", K1_SECRET, claims)).subject()).isEqualTo("f1");

    claims.put("exp", NOW.getEpochSecond() + 4200);
    PowerSyncException tooLong = refusal(own, hs256("k1", K1_SECRET, claims));
    assertThat(tooLong.code()).isEqualTo(ErrorCode.PSYNC_S2104);
    assertThat(refusal(own, hs256("k1", K1_SECRET, claims())).code())
        .isEqualTo(ErrorCode.PSYNC_S2105);
  }

  @Tag("auth-parameters-claim")
  @Test
  void wantsParametersToBeAnObject() {
    assertAccepted(claims("parameters", null));
    assertAccepted(claims("parameters", Map.of("a", 1)));
    assertRefused(ErrorCode.PSYNC_S2101, claims("parameters", List.of()));
    assertRefused(ErrorCode.PSYNC_S2101, claims("parameters", "a"));
  }

  @Tag("auth-kid-rules")
  @Test
  void selectsKeysByIdThenByTrial() {
    assertThat(refusal(verifier, hs256(null, K1_SECRET, claims())).code())
        .isEqualTo(ErrorCode.PSYNC_S2101);
    assertThat(refusal(verifier, hs256("other", K1_SECRET, claims())).code())
        .isEqualTo(ErrorCode.PSYNC_S2101);
    assertThat(verifier.verify(hs256(null, WILDCARD_SECRET, claims())).subject()).isEqualTo("f1");
    assertThat(verifier.verify(hs256("other", WILDCARD_SECRET, claims())).subject())
        .isEqualTo("f1");
    assertThat(verifier.verify(hs256("", WILDCARD_SECRET, claims())).subject()).isEqualTo("f1");
    assertThat(refusal(verifier, hs256("k1", WILDCARD_SECRET, claims())).code())
        .isEqualTo(ErrorCode.PSYNC_S2101);
  }

  @Test
  void tellsTheOperatorWhichKeysThereAre() {
    PowerSyncException refusal = refusal(verifier, hs256("other\nforged", K1_SECRET, claims()));
    assertThat(refusal.getMessage()).contains("kid=other?forged", "k1 (HS256)", "* (HS256)");
    assertThat(refusal.text()).doesNotContain("k1", "other");
  }

  @Tag("auth-short-secret")
  @ParameterizedTest
  @ValueSource(strings = {"HS256", "HS384", "HS512"})
  void verifiesSharedSecretsOfAnyLength(String algorithm) {
    for (int length : new int[] {1, 3, 32, 64, 200}) {
      byte[] secret = "s".repeat(length).getBytes(StandardCharsets.UTF_8);
      TokenVerifier own = verifier(List.of(AUDIENCE), key(jwk(algorithm, "k", secret)));
      assertThat(own.verify(TestTokens.hmac(algorithm, "k", secret, claims())).subject())
          .isEqualTo("f1");
    }
  }

  @Tag("auth-all-algorithms")
  @ParameterizedTest
  @CsvSource({
    "RS256,",
    "RS384,",
    "RS512,",
    "ES256,P-256",
    "ES384,P-384",
    "ES512,P-521",
    "EdDSA,Ed25519",
    "EdDSA,Ed448"
  })
  void verifiesPublicKeys(String algorithm, String curve) {
    KeyPair pair = pair(algorithm, curve);
    for (String ownAlgorithm : new String[] {algorithm, null}) {
      TokenVerifier own =
          verifier(List.of(AUDIENCE), key(jwk(ownAlgorithm, "k", pair.getPublic())));
      String token = TestTokens.sign(algorithm, "k", pair.getPrivate(), claims());
      assertThat(own.verify(token).subject()).isEqualTo("f1");
      KeyPair stranger = pair(algorithm, curve);
      String forged = TestTokens.sign(algorithm, "k", stranger.getPrivate(), claims());
      assertThat(refusal(own, forged).code()).isEqualTo(ErrorCode.PSYNC_S2101);
    }
  }

  private static KeyPair pair(String algorithm, String curve) {
    return switch (algorithm.substring(0, 2)) {
      case "RS" -> TestTokens.rsa(2048);
      case "ES" -> TestTokens.ellipticCurve(curve);
      default -> TestTokens.edwardsCurve(curve);
    };
  }

  @Tag("auth-algorithm-confusion")
  @Test
  void neverTakesAPublicKeyForASharedSecret() {
    KeyPair pair = TestTokens.rsa(2048);
    Map<String, Object> jwk = jwk(null, "R", pair.getPublic());
    TokenVerifier own = verifier(List.of(AUDIENCE), key(jwk));
    TokenVerifier wildcard = verifier(List.of(AUDIENCE), key(jwk(null, null, pair.getPublic())));
    List<byte[]> guesses =
        List.of(
            utf8((String) jwk.get("n")),
            ((RSAPublicKey) pair.getPublic()).getModulus().toByteArray(),
            pair.getPublic().getEncoded(),
            json(jwk));
    for (byte[] guess : guesses) {
      String token = TestTokens.hmac("HS256", "R", guess, claims());
      assertThat(refusal(own, token).code()).isEqualTo(ErrorCode.PSYNC_S2101);
      assertThat(refusal(wildcard, token).code()).isEqualTo(ErrorCode.PSYNC_S2101);
    }
  }

  @Test
  void tiesTheAlgorithmToTheKey() {
    TokenVerifier hs = verifier(List.of(AUDIENCE), key(jwk("HS256", "k", utf8("secret"))));
    String other = TestTokens.hmac("HS512", "k", utf8("secret"), claims());
    assertThat(refusal(hs, other).code()).isEqualTo(ErrorCode.PSYNC_S2101);

    KeyPair rsa = TestTokens.rsa(2048);
    TokenVerifier rs = verifier(List.of(AUDIENCE), key(jwk("RS256", "k", rsa.getPublic())));
    String rs512 = TestTokens.sign("RS512", "k", rsa.getPrivate(), claims());
    assertThat(refusal(rs, rs512).code()).isEqualTo(ErrorCode.PSYNC_S2101);

    KeyPair p384 = TestTokens.ellipticCurve("P-384");
    TokenVerifier es = verifier(List.of(AUDIENCE), key(jwk(null, "k", p384.getPublic())));
    String es256 = TestTokens.sign("ES256", "k", p384.getPrivate(), claims());
    assertThat(refusal(es, es256).code()).isEqualTo(ErrorCode.PSYNC_S2101);
  }

  @Test
  void refusesSmallRsaKeys() {
    KeyPair small = TestTokens.rsa(1024);
    TokenVerifier own = verifier(List.of(AUDIENCE), key(jwk("RS256", "k", small.getPublic())));
    String token = TestTokens.sign("RS256", "k", small.getPrivate(), claims());
    assertThat(refusal(own, token).code()).isEqualTo(ErrorCode.PSYNC_S2101);
  }

  @Test
  void refusesTokensWithoutOrWithUnknownAlgorithm() {
    String payload = encode(json(claims()));
    for (String algorithm : List.of("none", "None", "", "PS256", "ES256K", "HS1", "RSA-OAEP")) {
      String head = encode(json(header(algorithm, "k1"))) + "." + payload + ".";
      assertThat(refusal(verifier, head).code()).isEqualTo(ErrorCode.PSYNC_S2101);
      assertThat(refusal(verifier, head + "AAAA").code()).isEqualTo(ErrorCode.PSYNC_S2101);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "abc",
        "abc.def.ghi",
        "..",
        "a.b",
        "e30.e30.e30",
        "a.b.c.d.e",
        "eyJhbGciOjF9.e30.AAAA"
      })
  void refusesWhatIsNoToken(String text) {
    assertThat(refusal(verifier, text).code()).isEqualTo(ErrorCode.PSYNC_S2101);
  }

  @Test
  void refusesPayloadsThatAreNoObject() {
    List<byte[]> payloads = new ArrayList<>();
    for (String text : List.of("", "[]", "null", "5", "{", "{}{}", "\"a\"")) {
      payloads.add(utf8(text));
    }
    payloads.add(utf8("{\"a\":" + "[".repeat(50_000) + "]".repeat(50_000) + "}"));
    payloads.add(utf8("{\"exp\":1" + "0".repeat(5_000) + "}"));
    for (byte[] payload : payloads) {
      String token = TestTokens.hmac(header("HS256", "k1"), utf8(K1_SECRET), payload);
      assertThat(refusal(verifier, token).code()).isEqualTo(ErrorCode.PSYNC_S2101);
    }
  }

  @Test
  void refusesCriticalHeaderParameters() {
    Map<String, Object> header = new LinkedHashMap<>(header("HS256", "k1"));
    header.put("crit", List.of("b64"));
    header.put("b64", false);
    String token = TestTokens.hmac(header, utf8(K1_SECRET), json(claims()));
    assertThat(refusal(verifier, token).code()).isEqualTo(ErrorCode.PSYNC_S2101);
  }

  @Test
  void refusesHugeTokensAtOnce() {
    String huge = hs256("k1", K1_SECRET, claims("filler", "x".repeat(1 << 20)));
    PowerSyncException refusal = refusal(verifier, huge);
    assertThat(refusal.code()).isEqualTo(ErrorCode.PSYNC_S2101);
    assertThat(refusal.getMessage()).hasSizeLessThan(200);
  }

  @Test
  void refusesManipulatedTokens() {
    String token = hs256("k1", K1_SECRET, claims());
    String[] parts = token.split("\\.");
    String otherPayload = encode(json(claims("sub", "root")));
    for (String forged :
        List.of(
            parts[0] + "." + otherPayload + "." + parts[2],
            parts[0] + "." + parts[1] + ".",
            parts[0] + "." + parts[1] + "." + parts[2].substring(4),
            encode(json(header("HS256", "k1"))) + " ." + parts[1] + "." + parts[2])) {
      assertThat(refusal(verifier, forged).code()).isEqualTo(ErrorCode.PSYNC_S2101);
    }
  }

  @Test
  void acceptsTokensOfASupabaseProject() {
    ClientAuth auth =
        new ClientAuth(
            List.of(),
            List.of(),
            List.of(),
            AddressRestriction.NONE,
            Optional.of(Secret.of("supabase-secret")),
            Optional.empty());
    TokenVerifier supabase = TokenVerifier.of(auth, CLOCK, Runnable::run, Runnable::run);
    Map<String, Object> claims = claims("aud", "authenticated");
    claims.put("exp", NOW.getEpochSecond() + 606_000);
    assertThat(supabase.verify(hs256("any", "supabase-secret", claims)).subject()).isEqualTo("f1");
    claims.put("exp", NOW.getEpochSecond() + 606_001);
    assertThat(refusal(supabase, hs256("any", "supabase-secret", claims)).code())
        .isEqualTo(ErrorCode.PSYNC_S2104);
    assertThat(refusal(supabase, hs256("any", "supabase-secret", claims())).code())
        .isEqualTo(ErrorCode.PSYNC_S2105);
  }

  @Test
  void letsNobodyInWithoutAConfiguration() {
    assertThat(refusal(TokenVerifier.closed(), hs256(null, "a", claims())).code())
        .isEqualTo(ErrorCode.PSYNC_S2101);
  }
}
