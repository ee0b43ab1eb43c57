/**
 * The server's side of RSocket 1.0, as much of it as clients of the sync API use: SETUP,
 * REQUEST_STREAM with its flow control, KEEPALIVE, CANCEL, errors. No resumption, no leases. Plain
 * Java; a transport brings whole frames and takes whole frames.
 *
 * <p>Start at {@link org.powersync.jakarta.sync.rsocket.RSocketConnection}: it reads frames, asks
 * an {@link org.powersync.jakarta.sync.rsocket.Acceptor} about the SETUP and hands every request to
 * the {@link org.powersync.jakarta.sync.rsocket.Responder} it got, with an {@link
 * org.powersync.jakarta.sync.rsocket.OutgoingStream} to answer on. Everything a peer can make us
 * keep is bounded by {@link org.powersync.jakarta.sync.rsocket.RSocketLimits}. Specification: sync
 * API section 5.
 */
package org.powersync.jakarta.sync.rsocket;
