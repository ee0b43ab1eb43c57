package org.powersync.jakarta.web;

import jakarta.websocket.Endpoint;
import jakarta.websocket.server.ServerApplicationConfig;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Takes WebSocket connections on any path; clients use {@code /sync/stream}. */
public final class SocketPaths implements ServerApplicationConfig {
  private static final List<String> PATHS =
      List.of(
          "/sync/stream",
          "/",
          "/{a}",
          "/{a}/{b}",
          "/{a}/{b}/{c}",
          "/{a}/{b}/{c}/{d}",
          "/{a}/{b}/{c}/{d}/{e}",
          "/{a}/{b}/{c}/{d}/{e}/{f}",
          "/{a}/{b}/{c}/{d}/{e}/{f}/{g}",
          "/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}");

  @Override
  public Set<ServerEndpointConfig> getEndpointConfigs(Set<Class<? extends Endpoint>> found) {
    Set<ServerEndpointConfig> configs = new LinkedHashSet<>();
    for (String path : PATHS) {
      configs.add(ServerEndpointConfig.Builder.create(SocketEndpoint.class, path).build());
    }
    return configs;
  }

  @Override
  public Set<Class<?>> getAnnotatedEndpointClasses(Set<Class<?>> found) {
    return found;
  }
}
