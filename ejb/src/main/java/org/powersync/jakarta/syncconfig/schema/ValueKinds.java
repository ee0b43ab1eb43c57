package org.powersync.jakarta.syncconfig.schema;

/**
 * The kinds a value may have besides NULL (sync config sections 5.1 and 15).
 *
 * @param bits {@link #BLOB_BIT} and so on, added up
 */
public record ValueKinds(int bits) {
  private static final int BLOB_BIT = 1;
  private static final int TEXT_BIT = 2;
  private static final int INTEGER_BIT = 4;
  private static final int REAL_BIT = 8;

  public static final ValueKinds NONE = new ValueKinds(0);
  public static final ValueKinds BLOB = new ValueKinds(BLOB_BIT);
  public static final ValueKinds TEXT = new ValueKinds(TEXT_BIT);
  public static final ValueKinds INTEGER = new ValueKinds(INTEGER_BIT);
  public static final ValueKinds REAL = new ValueKinds(REAL_BIT);
  public static final ValueKinds NUMBER = INTEGER.or(REAL);
  public static final ValueKinds ANY = TEXT.or(NUMBER).or(BLOB);

  public ValueKinds {
    if (bits < 0 || bits > 15) {
      throw new IllegalArgumentException("no set of kinds: " + bits);
    }
  }

  /** Either of both. */
  public ValueKinds or(ValueKinds other) {
    return new ValueKinds(bits | other.bits);
  }

  /** Without some kinds. */
  public ValueKinds without(ValueKinds other) {
    return new ValueKinds(bits & ~other.bits);
  }

  /** Whether all values are of these kinds. */
  public boolean within(ValueKinds other) {
    return bits != 0 && (bits & ~other.bits) == 0;
  }

  /** What a PostgreSQL type becomes; text for types of their own. */
  public static ValueKinds ofPostgres(String type) {
    return switch (type) {
      case "bool", "boolean", "int2", "int4", "int8", "oid" -> INTEGER;
      case "bytea" -> BLOB;
      case "float4", "float8" -> REAL;
      default -> TEXT;
    };
  }

  /** The column type of a client: text wins, then real, then integer. */
  public ClientType clientType() {
    if ((bits & TEXT_BIT) != 0) {
      return ClientType.TEXT;
    }
    if ((bits & REAL_BIT) != 0) {
      return ClientType.REAL;
    }
    return (bits & INTEGER_BIT) != 0 ? ClientType.INTEGER : ClientType.TEXT;
  }
}
