package org.powersync.jakarta.replication.postgres.inspect;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.OptionalLong;
import org.postgresql.PGConnection;
import org.powersync.jakarta.replication.postgres.server.SourceChecks;
import org.powersync.jakarta.replication.postgres.server.SourceServer;
import org.powersync.jakarta.replication.postgres.server.WalBudget;

/**
 * What the preflight needs to know about server, role and publication.
 *
 * @param slots in use
 * @param senders in use
 * @param pooled the backend is not the one that the handshake named: something is in between
 * @param idleSlotTimeout setting of version 18, as printed; empty where there is none
 * @param publication empty when there is none
 */
record ServerFacts(
    SourceServer server,
    String versionText,
    boolean standby,
    String walLevel,
    int maxSlots,
    int slots,
    int maxSenders,
    int senders,
    OptionalLong slotWalLimit,
    Optional<String> idleSlotTimeout,
    String role,
    String quotedRole,
    boolean mayReplicate,
    boolean mayCreate,
    boolean pooled,
    Optional<Publication> publication) {

  /**
   * @param everyChange publishes insert, update, delete and truncate
   */
  record Publication(boolean everyChange, boolean viaRoot, boolean allTables) {}

  // Hosted databases give the right to replicate by membership in a role of their own.
  private static final String QUERY =
      """
      SELECT current_setting('server_version'), pg_is_in_recovery(),
             current_setting('wal_level'),
             current_setting('max_replication_slots')::int,
             (SELECT count(*) FROM pg_replication_slots)::int,
             current_setting('max_wal_senders')::int,
             (SELECT count(*) FROM pg_stat_get_wal_senders())::int,
             nullif(current_setting('idle_replication_slot_timeout', true), '0'),
             current_user, quote_ident(current_user),
             (SELECT rolsuper OR rolreplication FROM pg_roles WHERE rolname = current_user)
               OR EXISTS (SELECT FROM pg_roles r
                          WHERE r.rolname IN ('rds_replication', 'cloudsqlsuperuser',
                                              'azure_pg_admin')
                            AND pg_has_role(r.oid, 'MEMBER')),
             has_database_privilege(current_database(), 'CREATE'),
             pg_backend_pid(),
             p.pubname IS NOT NULL,
             p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate,
             coalesce((to_jsonb(p) ->> 'pubviaroot')::boolean, false),
             p.puballtables
      FROM (VALUES (1)) AS one LEFT JOIN pg_publication p ON p.pubname = '%s'\
      """
          .formatted(SourceChecks.PUBLICATION);

  static ServerFacts read(Connection connection) throws SQLException {
    SourceServer server = SourceServer.read(connection);
    OptionalLong limit = WalBudget.read(connection).limit();
    int handshakePid = connection.unwrap(PGConnection.class).getBackendPID();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(QUERY)) {
      row.next();
      return new ServerFacts(
          server,
          row.getString(1),
          row.getBoolean(2),
          row.getString(3),
          row.getInt(4),
          row.getInt(5),
          row.getInt(6),
          row.getInt(7),
          limit,
          Optional.ofNullable(row.getString(8)),
          row.getString(9),
          row.getString(10),
          row.getBoolean(11),
          row.getBoolean(12),
          row.getInt(13) != handshakePid,
          row.getBoolean(14)
              ? Optional.of(
                  new Publication(row.getBoolean(15), row.getBoolean(16), row.getBoolean(17)))
              : Optional.empty());
    }
  }
}
