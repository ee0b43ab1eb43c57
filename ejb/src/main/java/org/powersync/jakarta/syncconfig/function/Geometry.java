package org.powersync.jakarta.syncconfig.function;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * A geometry read from WKB or EWKB.
 *
 * @param type one of the seven simple feature types
 * @param position of a point, its ordinates; empty for all others and for an empty point
 * @param parts the points, rings or members of all others
 */
record Geometry(Type type, List<Double> position, List<Geometry> parts) {
  private static final int HAS_Z = 0x80000000;
  private static final int HAS_M = 0x40000000;
  private static final int HAS_SRID = 0x20000000;
  private static final int MAX_DEPTH = 32;

  /** In order of their WKB codes, from 1; {@link #RING} is a part of polygons only. */
  enum Type {
    POINT("Point"),
    LINESTRING("LineString"),
    POLYGON("Polygon"),
    MULTIPOINT("MultiPoint"),
    MULTILINESTRING("MultiLineString"),
    MULTIPOLYGON("MultiPolygon"),
    GEOMETRYCOLLECTION("GeometryCollection"),
    RING("LinearRing");

    private final String geoJson;

    Type(String geoJson) {
      this.geoJson = geoJson;
    }

    String geoJson() {
      return geoJson;
    }
  }

  /** The geometry in a BLOB or a text of hex digits; null when there is none. */
  static Geometry of(SqlValue value) {
    try {
      if (value instanceof SqlValue.Blob blob) {
        return read(ByteBuffer.wrap(blob.bytes()), 0);
      }
      if (value instanceof SqlValue.Text text) {
        return read(ByteBuffer.wrap(bytes(text.value())), 0);
      }
      return null;
    } catch (BufferUnderflowException | IllegalArgumentException noGeometry) {
      return null;
    }
  }

  /** The bytes of a hex text, up to what is no pair of digits. */
  private static byte[] bytes(String hex) {
    int end = 0;
    while (end + 1 < hex.length()
        && HexFormat.isHexDigit(hex.charAt(end))
        && HexFormat.isHexDigit(hex.charAt(end + 1))) {
      end += 2;
    }
    return HexFormat.of().parseHex(hex, 0, end);
  }

  private static Geometry read(ByteBuffer in, int depth) {
    in.order(in.get() == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    int header = in.getInt();
    int code = header & 0x0fffffff;
    int dimensions = 2;
    dimensions += (header & HAS_Z) != 0 ? 1 : 0;
    dimensions += (header & HAS_M) != 0 ? 1 : 0;
    // ISO WKB adds 1000 for Z, 2000 for M, 3000 for both.
    dimensions += code >= 3000 ? 2 : code >= 1000 ? 1 : 0;
    if ((header & HAS_SRID) != 0) {
      in.getInt();
    }
    int index = code % 1000 - 1;
    if (index < 0 || index >= Type.RING.ordinal() || depth > MAX_DEPTH) {
      throw new IllegalArgumentException("no geometry type");
    }
    Type type = Type.values()[index];
    return switch (type) {
      case POINT -> point(in, dimensions);
      case LINESTRING -> new Geometry(type, List.of(), points(in, dimensions));
      case POLYGON -> new Geometry(type, List.of(), rings(in, dimensions));
      default -> new Geometry(type, List.of(), members(in, depth));
    };
  }

  private static Geometry point(ByteBuffer in, int dimensions) {
    List<Double> position = new ArrayList<>(dimensions);
    for (int i = 0; i < dimensions; i++) {
      position.add(in.getDouble());
    }
    boolean empty = position.stream().allMatch(ordinate -> ordinate.isNaN());
    return new Geometry(Type.POINT, empty ? List.of() : List.copyOf(position), List.of());
  }

  private static List<Geometry> points(ByteBuffer in, int dimensions) {
    int count = count(in, dimensions * Double.BYTES);
    List<Geometry> points = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      points.add(point(in, dimensions));
    }
    return points;
  }

  private static List<Geometry> rings(ByteBuffer in, int dimensions) {
    int count = count(in, Integer.BYTES);
    List<Geometry> rings = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      rings.add(new Geometry(Type.RING, List.of(), points(in, dimensions)));
    }
    return rings;
  }

  private static List<Geometry> members(ByteBuffer in, int depth) {
    int count = count(in, 1 + Integer.BYTES);
    List<Geometry> members = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      members.add(read(in, depth + 1));
    }
    return members;
  }

  /** A count that the rest of the bytes can hold; others would reserve memory for nothing. */
  private static int count(ByteBuffer in, int bytesEach) {
    int count = in.getInt();
    if (count < 0 || count > in.remaining() / bytesEach) {
      throw new IllegalArgumentException("geometry is cut off");
    }
    return count;
  }
}
