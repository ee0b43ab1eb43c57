package org.powersync.jakarta.web;

import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.sync.RequestMembers;
import org.powersync.jakarta.sync.StreamCaller;
import org.powersync.jakarta.sync.rsocket.Acceptor;

/**
 * Who is connected by RSocket, and how its payloads are to be read.
 *
 * @param userAgent empty when the client did not say
 */
record SocketSession(
    StreamCaller caller, String userAgent, PayloadFormat metadata, Optional<PayloadFormat> data) {

  /**
   * The client behind a SETUP (sync API section 5). Throws PSYNC_S2004 for metadata in an unknown
   * format, PSYNC_S2101 without metadata, PSYNC_S2106 without token and what verification throws.
   */
  static SocketSession of(Acceptor.Introduction introduction, UserTokens tokens) {
    PayloadFormat format =
        PayloadFormat.of(introduction.metadataMimeType()).orElseThrow(PayloadFormat::unsupported);
    byte[] metadata =
        introduction
            .payload()
            .metadata()
            .orElseThrow(
                () -> new PowerSyncException(ErrorCode.PSYNC_S2101, "SETUP has no metadata"));
    Map<String, Object> members =
        format
            .parse(metadata)
            .orElseThrow(
                () ->
                    new PowerSyncException(
                        ErrorCode.PSYNC_S2101, "The metadata of SETUP is no object"));
    return new SocketSession(
        tokens.verify(members.get("token") instanceof String token ? token : null),
        members.get("user_agent") instanceof String agent ? agent : "",
        format,
        PayloadFormat.of(introduction.dataMimeType()));
  }

  /** The request of a stream. Throws PSYNC_S2002 for an unknown path and PSYNC_S2001, S2004. */
  Map<String, Object> request(Optional<byte[]> metadata, byte[] payload) {
    Map<String, Object> route =
        metadata
            .flatMap(this.metadata::parse)
            .orElseThrow(() -> invalid("The metadata of the request must be an object"));
    RequestMembers members = new RequestMembers(route);
    Optional<String> path = members.requiredString("path");
    members.check();
    if (!path.orElseThrow().equals("/sync/stream")) {
      throw new PowerSyncException(ErrorCode.PSYNC_S2002, "The path does not exist");
    }
    return data.orElseThrow(PayloadFormat::unsupported)
        .parse(payload)
        .orElseThrow(() -> invalid("The payload of the request must be an object"));
  }

  private static PowerSyncException invalid(String text) {
    return new PowerSyncException(ErrorCode.PSYNC_S2001, 400, text, null);
  }
}
