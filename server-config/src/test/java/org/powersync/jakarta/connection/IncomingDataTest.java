package org.powersync.jakarta.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Waiting at a socket without losing a byte. */
class IncomingDataTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(5);

  private final IncomingData incoming = new IncomingData();
  private ServerSocket listener;
  private Socket server;
  private Socket client;
  private InputStream input;

  @BeforeEach
  void connect() throws IOException {
    listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    client = new Socket(listener.getInetAddress(), listener.getLocalPort());
    server = listener.accept();
    input = incoming.of(client, client.getInputStream());
  }

  @AfterEach
  void disconnect() throws IOException {
    client.close();
    server.close();
    listener.close();
  }

  private void send(String text) throws IOException {
    server.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whatWasWaitedForIsReadInOrderWhateverIsReadHow() throws IOException {
    send("abcdef");
    assertThat(incoming.await(LONG)).isTrue();
    assertThat(incoming.await(LONG)).as("still there").isTrue();

    assertThat(input.available()).isEqualTo(6);
    assertThat(input.read()).isEqualTo('a');
    assertThat(input.skip(1)).isEqualTo(1);
    assertThat(input.readNBytes(2)).isEqualTo("cd".getBytes(StandardCharsets.UTF_8));
    send("gh");
    assertThat(input.readNBytes(4)).isEqualTo("efgh".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void silenceEndsTheWaitAndLeavesTheTimeoutOfReadsAsItWas() throws IOException {
    client.setSoTimeout(1234);

    assertThat(incoming.await(SHORT)).isFalse();
    assertThat(client.getSoTimeout()).isEqualTo(1234);
    send("x");
    assertThat(incoming.await(LONG)).isTrue();
    assertThat(input.read()).isEqualTo('x');
  }

  @Test
  void aConnectionClosedByTheServerIsAFailureOnceEverythingIsRead() throws IOException {
    send("z");
    server.close();

    assertThat(incoming.await(LONG)).isTrue();
    assertThat(input.read()).isEqualTo('z');
    assertThatThrownBy(() -> incoming.await(LONG)).isInstanceOf(EOFException.class);
    assertThat(input.read()).isEqualTo(-1);
  }

  @Test
  void closingTheSocketEndsTheWait() throws Exception {
    Thread closing =
        new Thread(
            () -> {
              try {
                client.close();
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    closing.start();

    assertThatThrownBy(() -> incoming.await(LONG)).isInstanceOf(SocketException.class);
    closing.join();
  }

  @Test
  void beforeThereIsAConnectionNobodyWaits() {
    assertThatThrownBy(() -> new IncomingData().await(LONG)).isInstanceOf(SocketException.class);
  }
}
