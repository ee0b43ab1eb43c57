package org.powersync.jakarta.replication.postgres.type;

import java.util.List;

/** What the catalogue says about a type, as far as decoding its text needs it. */
sealed interface PgType {
  /** Printed text is the value: enums, types of extensions, pseudo types, dropped types. */
  PgType OPAQUE = new Opaque();

  /** OIDs of the types this one is made of. */
  default List<Long> parts() {
    return List.of();
  }

  record Opaque() implements PgType {}

  /** A true array, printed with this delimiter between its elements. */
  record Array(long elementOid, char delimiter) implements PgType {
    @Override
    public List<Long> parts() {
      return List.of(elementOid);
    }
  }

  record Domain(long baseOid) implements PgType {
    @Override
    public List<Long> parts() {
      return List.of(baseOid);
    }
  }

  /** Also the row type of a table. */
  record Composite(List<String> names, List<Long> typeOids) implements PgType {
    public Composite {
      names = List.copyOf(names);
      typeOids = List.copyOf(typeOids);
    }

    @Override
    public List<Long> parts() {
      return typeOids;
    }
  }

  record Range(long subtypeOid) implements PgType {
    @Override
    public List<Long> parts() {
      return List.of(subtypeOid);
    }
  }

  record Multirange(long subtypeOid) implements PgType {
    @Override
    public List<Long> parts() {
      return List.of(subtypeOid);
    }
  }
}
