package org.powersync.jakarta.web;

import jakarta.enterprise.context.ApplicationScoped;

/** The admission group of the routes for operators (sync API section 1.5). */
@ApplicationScoped
public class AdminAdmission {
  private static final int RUNNING = 10;
  private static final int WAITING = 20;

  private final Admission group = new Admission(RUNNING, WAITING);

  Admission group() {
    return group;
  }
}
