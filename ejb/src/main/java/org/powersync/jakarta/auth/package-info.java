/**
 * Who calls: tokens of users and of operators.
 *
 * <p>A user's token is a JWT. {@link org.powersync.jakarta.auth.TokenVerifier} takes it apart,
 * finds its key, checks the signature and then the claims; the answer is a {@link
 * org.powersync.jakarta.auth.VerifiedToken} or a refusal with a code of the PSYNC_S21 or S22
 * families. Keys come from {@link org.powersync.jakarta.auth.KeySource}s: those of the
 * configuration are there at once, those of a JWKS address are fetched, cached and refreshed by
 * {@link org.powersync.jakarta.auth.RemoteKeys}. The algorithm is tied to the key, never chosen by
 * the token.
 *
 * <p>An operator's token is one of a list ({@link org.powersync.jakarta.auth.ApiTokens}).
 *
 * <p>Refusals tell the caller a code and a constant sentence. What an operator needs to find the
 * mistake (key ids, claims) is in the context of the exception, which only goes to the log; the
 * token itself goes nowhere. Everything fails closed. Specification: sync API section 6,
 * configuration section 8.
 */
package org.powersync.jakarta.auth;
