package org.powersync.jakarta.storage.postgres.entity;

import org.eclipse.persistence.config.SessionCustomizer;
import org.eclipse.persistence.sessions.DatabaseLogin;
import org.eclipse.persistence.sessions.Session;

/**
 * Queries on a connection that died fail at once. EclipseLink would wait for five seconds and try
 * again up to three times, on the connection that its transaction holds; who asked repeats sooner.
 * Named in {@code persistence.xml}.
 */
public final class PromptFailures implements SessionCustomizer {
  @Override
  public void customize(Session session) {
    DatabaseLogin login = session.getLogin();
    login.setQueryRetryAttemptCount(0);
    login.setDelayBetweenConnectionAttempts(0);
  }
}
