package org.powersync.jakarta.replication.postgres.inspect;

import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.replication.PreflightFinding;
import org.powersync.jakarta.replication.SourceInspection.Level;
import org.powersync.jakarta.replication.postgres.server.WalBudget;

/** Judges server, role and publication (replication sections 1.5, 1.14 and 6). */
final class ServerFindings {
  private static final int OLDEST = 110000;
  private static final int WITH_SLOT_STATUS = 130000;
  private static final int WITH_MESSAGES = 140000;
  private static final String RESTART = ", then restart the server";

  /** A new config is built on a second slot while the first one serves. */
  private static final int SLOTS_NEEDED = 2;

  private static final long SMALL_LIMIT = 1L << 30;

  private final ServerFacts facts;
  private final List<PreflightFinding> findings = new ArrayList<>();

  private ServerFindings(ServerFacts facts) {
    this.facts = facts;
  }

  static List<PreflightFinding> of(ServerFacts facts) {
    ServerFindings judge = new ServerFindings(facts);
    judge.version();
    judge.settings();
    judge.slotLimits();
    judge.role();
    judge.publication();
    return judge.findings;
  }

  private void add(Level level, String check, String message, String... fix) {
    findings.add(new PreflightFinding(level, check, "", message, List.of(fix)));
  }

  private void version() {
    int version = facts.server().version();
    String text = "PostgreSQL " + facts.versionText();
    if (version < OLDEST) {
      add(Level.FATAL, "version", text + " is too old; version 11 or later is needed");
    } else if (version < WITH_SLOT_STATUS) {
      add(Level.WARNING, "version", text + " cannot say how much log a slot may still hold back");
    } else if (version < WITH_MESSAGES) {
      add(Level.WARNING, "version", text + " does not stream messages; write checkpoints are slow");
    } else {
      add(Level.INFO, "version", text);
    }
    if (facts.standby()) {
      add(
          Level.FATAL,
          "standby",
          "The source is a standby; connect to the primary, which can create slots and emit"
              + " messages");
    }
    if (facts.pooled()) {
      add(
          Level.WARNING,
          "pooler",
          "A pooler or proxy is between this service and the server; use the server's own address");
    }
  }

  private void settings() {
    if ("logical".equals(facts.walLevel())) {
      add(Level.INFO, "wal_level", "wal_level is logical");
    } else {
      add(
          Level.FATAL,
          "wal_level",
          "wal_level is " + facts.walLevel() + "; set it to logical" + RESTART,
          "ALTER SYSTEM SET wal_level = 'logical'");
    }
    free("max_replication_slots", facts.maxSlots(), facts.slots());
    free("max_wal_senders", facts.maxSenders(), facts.senders());
  }

  private void free(String setting, int limit, int used) {
    int free = limit - used;
    if (limit >= 1 && free >= SLOTS_NEEDED) {
      add(Level.INFO, setting, free + " of " + limit + " free");
    } else {
      // One may be in use by this service already.
      add(
          limit < 1 ? Level.FATAL : Level.WARNING,
          setting,
          free + " of " + limit + " free; one is needed, two while a new config is built" + RESTART,
          "ALTER SYSTEM SET " + setting + " = " + Math.max(10, used + 5));
    }
  }

  private void slotLimits() {
    if (facts.slotWalLimit().isEmpty()) {
      add(
          Level.INFO,
          "max_slot_wal_keep_size",
          "Not limited: while this service is down the server keeps log until its disk is full");
    } else if (facts.slotWalLimit().getAsLong() < SMALL_LIMIT) {
      add(
          Level.WARNING,
          "max_slot_wal_keep_size",
          WalBudget.size(facts.slotWalLimit().getAsLong())
              + " is little: the slot is lost when a copy, or a break, outlasts that much log",
          "ALTER SYSTEM SET max_slot_wal_keep_size = '10GB'",
          "SELECT pg_reload_conf()");
    }
    facts
        .idleSlotTimeout()
        .ifPresent(
            timeout ->
                add(
                    Level.WARNING,
                    "idle_replication_slot_timeout",
                    "The slot is lost when this service is down for longer than " + timeout,
                    "ALTER SYSTEM SET idle_replication_slot_timeout = 0",
                    "SELECT pg_reload_conf()"));
  }

  private void role() {
    if (facts.mayReplicate()) {
      add(Level.INFO, "role", "Role " + facts.role() + " may replicate");
    } else {
      findings.add(
          new PreflightFinding(
              Level.FATAL,
              "role",
              facts.role(),
              "Role " + facts.role() + " may not replicate",
              List.of("ALTER ROLE " + facts.quotedRole() + " REPLICATION")));
    }
  }

  private void publication() {
    if (facts.publication().isEmpty()) {
      add(
          Level.FATAL,
          "publication",
          "[PSYNC_S1141] Publication powersync does not exist",
          "CREATE PUBLICATION powersync FOR ALL TABLES");
      return;
    }
    ServerFacts.Publication publication = facts.publication().get();
    if (!publication.everyChange()) {
      add(
          Level.FATAL,
          "publication",
          "[PSYNC_S1142] Publication powersync does not publish every kind of change",
          "ALTER PUBLICATION powersync SET (publish = 'insert, update, delete, truncate')");
    }
    if (publication.viaRoot()) {
      add(
          Level.FATAL,
          "publication",
          "[PSYNC_S1143] Publication powersync publishes changes of partitions as changes of their"
              + " root",
          "ALTER PUBLICATION powersync SET (publish_via_partition_root = false)");
    }
    if (publication.everyChange() && !publication.viaRoot()) {
      add(Level.INFO, "publication", "Publication powersync is complete");
    }
  }
}
