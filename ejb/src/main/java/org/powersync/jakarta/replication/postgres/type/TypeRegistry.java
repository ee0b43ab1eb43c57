package org.powersync.jakarta.replication.postgres.type;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.powersync.jakarta.syncconfig.Compatibility;

/**
 * What the type OIDs of one source database mean. One instance per source connection; safe for all
 * threads (replication section 4.7).
 *
 * <p>Resolve the types of a table before asking for decoders: a type that was never resolved, or
 * that the catalogue does not have any more, is text as printed. Decoders keep the description they
 * were made from. When one meets a composite that was altered since, {@link #stale} turns true;
 * call {@link #refreshStale} then and make the decoders anew.
 */
public final class TypeRegistry {
  private final Map<Long, PgType> types = new ConcurrentHashMap<>();
  private final Set<Long> stale = ConcurrentHashMap.newKeySet();

  /** Reads the types not known yet, and those they are made of; no query if all are known. */
  public void resolve(Connection connection, Collection<Long> oids) throws SQLException {
    read(connection, oids, true);
  }

  /**
   * Reads the types again that are not built in, and those they are made of: the definition of a
   * type can change under the same OID. For Relation messages and the start of a copy.
   */
  public void refresh(Connection connection, Collection<Long> oids) throws SQLException {
    read(connection, oids, false);
  }

  /** True when a decoder met a value that its description does not fit. */
  public boolean stale() {
    return !stale.isEmpty();
  }

  /**
   * Reads the descriptions again that do not fit.
   *
   * @return true when one of them has changed, so that decoders must be made anew
   */
  public boolean refreshStale(Connection connection) throws SQLException {
    Set<Long> oids = Set.copyOf(stale);
    stale.removeAll(oids);
    Map<Long, PgType> before = Map.copyOf(types);
    read(connection, oids, false);
    return !before.equals(types);
  }

  /**
   * The decoder of a column. With {@link ReadPath#SNAPSHOT} the OID may be that of the column in
   * the catalogue or the one a query reports. Identity columns are decoded as by a query on both
   * paths, so that a row has the same identity however it was read.
   */
  public ValueDecoder decoder(long oid, Compatibility compatibility, ReadPath path) {
    return new DecoderCompiler(this::type, stale::add, compatibility).column(oid, path);
  }

  /** True for domains without {@code custom_postgres_types}: both paths decode differently. */
  public boolean readPathMatters(long oid, Compatibility compatibility) {
    return !compatibility.customPostgresTypes() && type(oid) instanceof PgType.Domain;
  }

  private PgType type(long oid) {
    return types.getOrDefault(oid, PgType.OPAQUE);
  }

  private void read(Connection connection, Collection<Long> oids, boolean onlyUnknown)
      throws SQLException {
    Map<Long, PgType> found = new HashMap<>();
    Set<Long> wanted = unread(oids, found, onlyUnknown);
    while (!wanted.isEmpty()) {
      Map<Long, PgType> described = TypeCatalogue.describe(connection, wanted);
      Set<Long> parts = new HashSet<>();
      for (Long oid : wanted) {
        PgType type = described.getOrDefault(oid, PgType.OPAQUE);
        found.put(oid, type);
        parts.addAll(type.parts());
      }
      wanted = unread(parts, found, onlyUnknown);
    }
    types.putAll(found);
  }

  private Set<Long> unread(Collection<Long> oids, Map<Long, PgType> found, boolean onlyUnknown) {
    Set<Long> unread = new HashSet<>();
    for (Long oid : oids) {
      boolean known = found.containsKey(oid) || (onlyUnknown && types.containsKey(oid));
      if (!known && !BuiltinTypes.knows(oid)) {
        unread.add(oid);
      }
    }
    return unread;
  }
}
