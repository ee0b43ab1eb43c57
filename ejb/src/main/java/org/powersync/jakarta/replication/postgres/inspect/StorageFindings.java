package org.powersync.jakarta.replication.postgres.inspect;

import java.util.List;
import org.powersync.jakarta.replication.PreflightFinding;
import org.powersync.jakarta.replication.SourceInspection.Level;
import org.powersync.jakarta.storage.BucketStorageProvider.SystemIdentifier;

/** Judges where bucket storage is, seen from the source (replication section 5.6). */
final class StorageFindings {
  private static final String CHECK = "storage";
  private static final int SAME_SERVER_SINCE = 140000;
  private static final int SCHEMA_PUBLICATIONS_SINCE = 150000;

  private StorageFindings() {}

  static List<PreflightFinding> of(ServerFacts facts, SystemIdentifier storage) {
    if (facts.server().identifier().isEmpty()) {
      return List.of(
          new PreflightFinding(
              Level.WARNING,
              CHECK,
              facts.role(),
              "Whether bucket storage is on the same server is not known; taken for yes",
              List.of("GRANT EXECUTE ON FUNCTION pg_control_system() TO " + facts.quotedRole())));
    }
    if (!facts.server().sameServer(storage)) {
      return List.of(
          PreflightFinding.fine(CHECK, "Source and bucket storage are on different servers"));
    }
    if (facts.server().version() < SAME_SERVER_SINCE) {
      return List.of(
          finding(
              Level.FATAL,
              "[PSYNC_S1144] Source and bucket storage on the same server need PostgreSQL 14 or"
                  + " later; move bucket storage to another server",
              List.of()));
    }
    boolean everything = facts.publication().map(ServerFacts.Publication::allTables).orElse(false);
    if (!facts.server().sameDatabase(storage) || !everything) {
      return List.of(
          PreflightFinding.fine(CHECK, "Source and bucket storage share a server, which works"));
    }
    List<String> fix =
        facts.server().version() < SCHEMA_PUBLICATIONS_SINCE
            ? List.of()
            : List.of(
                "DROP PUBLICATION powersync",
                "CREATE PUBLICATION powersync FOR TABLES IN SCHEMA public");
    return List.of(
        finding(
            Level.WARNING,
            "The publication contains bucket storage itself, whose every change is streamed back;"
                + " publish only the tables to be synced (before the first replication, or"
                + " replicate anew afterwards)",
            fix));
  }

  private static PreflightFinding finding(Level level, String message, List<String> fix) {
    return new PreflightFinding(level, CHECK, "", message, fix);
  }
}
