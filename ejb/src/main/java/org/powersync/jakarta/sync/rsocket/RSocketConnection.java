package org.powersync.jakarta.sync.rsocket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The server's side of one RSocket connection. Frames come in on one thread at a time ({@link
 * #receive}), which never waits for the decision about the SETUP: frames that come meanwhile are
 * held, and handled in their order by the thread that brings the decision. Answers go out on the
 * threads of their streams.
 */
public final class RSocketConnection {
  private static final Logger LOG = Logger.getLogger(RSocketConnection.class.getName());

  /** What a client is given that promises no lifetime. */
  private static final long DEFAULT_LIFETIME_NANOS = 90_000_000_000L;

  private final FrameTransport transport;
  private final Acceptor acceptor;
  private final RSocketLimits limits;
  private final Map<Integer, OutgoingStream> streams = new ConcurrentHashMap<>();

  /** Guards what frames that come in change. Taken before the other lock, never after it. */
  private final ReentrantLock receiving = new ReentrantLock();

  private final Map<Integer, RequestAssembly> assemblies = new HashMap<>();
  private Responder responder;

  /** Null unless a SETUP waits for its decision; changed by who holds the lock above. */
  private volatile HeldFrames held;

  /** Guards the transport and the writer. */
  private final ReentrantLock sending = new ReentrantLock();

  private final FrameWriter writer = new FrameWriter();
  private final AtomicReference<byte[]> keepAliveToAnswer = new AtomicReference<>();
  private volatile long heardAt = System.nanoTime();
  private volatile long lifetimeNanos;
  private volatile boolean closed;

  public RSocketConnection(FrameTransport transport, Acceptor acceptor, RSocketLimits limits) {
    this.transport = transport;
    this.acceptor = acceptor;
    this.limits = limits;
    this.lifetimeNanos = limits.setupPatience().toNanos();
  }

  /** Takes one frame. Whatever is wrong with it ends the connection, never this call. */
  public void receive(ByteBuffer message) {
    receiving.lock();
    try {
      if (closed) {
        return;
      }
      HeldFrames waiting = held;
      if (waiting == null) {
        handle(message);
      } else if (!waiting.add(message)) {
        end(ErrorKind.CONNECTION_ERROR, "Too much was sent before SETUP was answered");
      }
    } finally {
      receiving.unlock();
    }
  }

  private void handle(ByteBuffer message) {
    try {
      handle(FrameReader.read(message));
    } catch (RSocketFailure e) {
      boolean badSetup = responder == null && e.kind() == ErrorKind.CONNECTION_ERROR;
      end(badSetup ? ErrorKind.INVALID_SETUP : e.kind(), e.getMessage());
    } catch (IOException e) {
      LOG.log(Level.FINE, "The client is gone", e);
    } catch (RuntimeException e) {
      LOG.log(Level.SEVERE, "A frame could not be handled; the connection is closed", e);
      end(ErrorKind.CONNECTION_ERROR, "Something went wrong");
    }
  }

  private void handle(Frame frame) throws RSocketFailure, IOException {
    if (responder == null) {
      setUp(frame);
    } else if (frame instanceof Frame.RequestStream request) {
      requestStream(request);
    } else if (frame instanceof Frame.Fragment fragment) {
      continueRequest(fragment);
    } else if (frame instanceof Frame.RequestN more) {
      requestMore(more);
    } else if (frame instanceof Frame.Cancel cancel) {
      cancel(cancel.streamId());
    } else if (frame instanceof Frame.KeepAlive keepAlive) {
      heardAt = System.nanoTime();
      if (keepAlive.respond()) {
        keepAliveToAnswer.set(keepAlive.data());
        answerKeepAlive();
      }
    } else if (frame instanceof Frame.Unsupported unsupported) {
      send(
          writer ->
              writer.error(
                  unsupported.streamId(),
                  ErrorKind.REJECTED,
                  "Only the request-stream interaction is offered"));
    } else if (frame instanceof Frame.Setup) {
      throw new RSocketFailure(ErrorKind.CONNECTION_ERROR, "SETUP came a second time");
    } else if (frame instanceof Frame.Resume) {
      throw new RSocketFailure(ErrorKind.REJECTED_RESUME, "Resumption is not offered");
    }
  }

  private void setUp(Frame frame) throws RSocketFailure {
    if (frame instanceof Frame.Resume) {
      throw new RSocketFailure(ErrorKind.REJECTED_RESUME, "Resumption is not offered");
    }
    if (!(frame instanceof Frame.Setup setup)) {
      throw new RSocketFailure(ErrorKind.UNSUPPORTED_SETUP, "The first frame must be SETUP");
    }
    if (setup.majorVersion() != 1) {
      throw new RSocketFailure(ErrorKind.UNSUPPORTED_SETUP, "Only RSocket 1.0 is supported");
    }
    if (setup.resume() || setup.lease()) {
      throw new RSocketFailure(
          ErrorKind.REJECTED_SETUP, "Neither resumption nor leases are offered");
    }
    heardAt = System.nanoTime();
    CompletionStage<Responder> decision =
        acceptor.accept(
            new Acceptor.Introduction(
                setup.metadataMimeType(), setup.dataMimeType(), setup.payload()));
    held = new HeldFrames(limits.heldBytes());
    decision.whenComplete((accepted, refusal) -> decided(setup, accepted, refusal));
    if (held != null) {
      transport.allow(limits.heldBytes());
    }
  }

  /** Goes on with what came since the SETUP. */
  private void decided(Frame.Setup setup, Responder accepted, Throwable refusal) {
    receiving.lock();
    try {
      HeldFrames waiting = held;
      held = null;
      if (closed) {
        return;
      }
      if (refusal != null) {
        refuse(refusal);
        return;
      }
      responder = accepted;
      lifetimeNanos =
          setup.lifetimeMillis() > 0 ? setup.lifetimeMillis() * 1_000_000L : DEFAULT_LIFETIME_NANOS;
      heardAt = System.nanoTime();
      transport.allow(limits.requestBytes());
      for (Optional<ByteBuffer> next = waiting.poll();
          next.isPresent() && !closed;
          next = waiting.poll()) {
        handle(next.get());
      }
    } finally {
      receiving.unlock();
    }
  }

  private void refuse(Throwable refusal) {
    Throwable cause = refusal instanceof CompletionException ? refusal.getCause() : refusal;
    if (cause instanceof RSocketFailure failure) {
      end(failure.kind(), failure.getMessage());
    } else {
      LOG.log(Level.SEVERE, "A SETUP could not be decided about; the connection is closed", cause);
      end(ErrorKind.REJECTED_SETUP, "Something went wrong");
    }
  }

  private void requestStream(Frame.RequestStream request) throws RSocketFailure, IOException {
    int id = request.streamId();
    if (streams.containsKey(id) || assemblies.containsKey(id)) {
      // The protocol has the later use of an id ignored.
      return;
    }
    if (streams.size() + assemblies.size() >= limits.streams()) {
      send(writer -> writer.error(id, ErrorKind.REJECTED, "Too many streams on one connection"));
      return;
    }
    if (request.follows()) {
      RequestAssembly assembly = new RequestAssembly(request);
      requireRoom(0);
      assemblies.put(id, assembly);
    } else {
      start(id, request.initialN(), request.payload());
    }
  }

  private void continueRequest(Frame.Fragment fragment) throws RSocketFailure {
    RequestAssembly assembly = assemblies.get(fragment.streamId());
    if (assembly == null) {
      return;
    }
    requireRoom(fragment.payload().size());
    assembly.add(fragment.payload());
    if (!fragment.follows()) {
      assemblies.remove(fragment.streamId());
      start(fragment.streamId(), assembly.initialN(), assembly.payload());
    }
  }

  private void requireRoom(int more) throws RSocketFailure {
    long size = more;
    for (RequestAssembly assembly : assemblies.values()) {
      size += assembly.size();
    }
    if (size > limits.requestBytes()) {
      throw new RSocketFailure(ErrorKind.CONNECTION_ERROR, "The request is too large");
    }
  }

  private void start(int id, int initialN, Payload payload) throws RSocketFailure {
    if (payload.size() > limits.requestBytes()) {
      throw new RSocketFailure(ErrorKind.CONNECTION_ERROR, "The request is too large");
    }
    OutgoingStream stream = new OutgoingStream(this, id, initialN);
    streams.put(id, stream);
    responder.requestStream(payload, stream);
    if (closed) {
      stream.cancel();
    }
  }

  private void requestMore(Frame.RequestN more) {
    OutgoingStream stream = streams.get(more.streamId());
    if (stream != null) {
      stream.request(more.n());
      return;
    }
    RequestAssembly assembly = assemblies.get(more.streamId());
    if (assembly != null) {
      assembly.request(more.n());
    }
  }

  private void cancel(int streamId) {
    assemblies.remove(streamId);
    OutgoingStream stream = streams.remove(streamId);
    if (stream != null) {
      stream.cancel();
    }
  }

  /**
   * Closes the connection if the client has not been heard of for the time it named itself, or has
   * not sent SETUP in time. To be called every second or so, by any thread.
   *
   * @return whether the connection was closed
   */
  public boolean closeIfSilent() {
    if (closed || System.nanoTime() - heardAt <= lifetimeNanos) {
      return false;
    }
    LOG.log(Level.FINE, "An RSocket connection is closed: no SETUP or KEEPALIVE in time");
    close();
    return true;
  }

  /** Closes the connection and cancels what goes on, without telling; by any thread. */
  public void close() {
    closed = true;
    HeldFrames waiting = held;
    if (waiting != null) {
      waiting.clear();
    }
    streams.values().forEach(OutgoingStream::cancel);
    streams.clear();
    transport.close();
  }

  private void end(ErrorKind kind, String text) {
    try {
      send(writer -> writer.error(0, kind, text));
    } catch (IOException e) {
      LOG.log(Level.FINE, "The client was gone before it was told", e);
    } finally {
      close();
    }
  }

  void sendNext(int streamId, ByteBuffer data) throws IOException {
    send(writer -> writer.next(streamId, data));
  }

  void complete(OutgoingStream stream) throws IOException {
    if (streams.remove(stream.id(), stream)) {
      send(writer -> writer.complete(stream.id()));
    }
  }

  void fail(OutgoingStream stream, ErrorKind kind, String text) throws IOException {
    if (streams.remove(stream.id(), stream)) {
      send(writer -> writer.error(stream.id(), kind, text));
    }
  }

  /** A frame, put together by whoever may send. */
  @FunctionalInterface
  private interface Outgoing {
    ByteBuffer write(FrameWriter writer);
  }

  private void send(Outgoing frame) throws IOException {
    sending.lock();
    try {
      if (closed) {
        throw new IOException("the connection is closed");
      }
      transmit(frame.write(writer));
    } finally {
      sending.unlock();
    }
    answerKeepAlive();
  }

  /** After a failure nobody knows how much of a frame went out. */
  private void transmit(ByteBuffer frame) throws IOException {
    try {
      transport.send(frame);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Answers the latest KEEPALIVE. Never waits behind a stream that waits for a slow client: whoever
   * is sending answers when done.
   */
  private void answerKeepAlive() throws IOException {
    while (keepAliveToAnswer.get() != null && !closed && sending.tryLock()) {
      try {
        byte[] data = keepAliveToAnswer.getAndSet(null);
        if (data != null) {
          transmit(writer.keepAlive(data));
        }
      } finally {
        sending.unlock();
      }
    }
  }
}
