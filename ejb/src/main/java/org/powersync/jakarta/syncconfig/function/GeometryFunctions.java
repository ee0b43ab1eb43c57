package org.powersync.jakarta.syncconfig.function;

import java.util.stream.Collectors;
import org.powersync.jakarta.syncconfig.value.JsonBuffer;
import org.powersync.jakarta.syncconfig.value.NumberText;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Functions of geometries, given as (E)WKB in a BLOB or as hex digits. */
final class GeometryFunctions {
  private GeometryFunctions() {}

  static void register(ScalarFunctions functions) {
    functions.add("st_asgeojson", 1, 1, GeometryFunctions::asGeoJson);
    functions.add("st_astext", 1, 1, GeometryFunctions::asText);
    functions.add("st_x", 1, 1, arguments -> ordinate(arguments, 0));
    functions.add("st_y", 1, 1, arguments -> ordinate(arguments, 1));
  }

  private static SqlValue asGeoJson(SqlValue[] arguments) {
    Geometry geometry = Geometry.of(TextFunctions.argument(arguments, 0));
    if (geometry == null) {
      return SqlValue.NULL;
    }
    JsonBuffer out = new JsonBuffer(128);
    geoJson(geometry, out);
    return SqlValue.of(out.toText());
  }

  private static void geoJson(Geometry geometry, JsonBuffer out) {
    out.raw('{').text("type").raw(':').text(geometry.type().geoJson()).raw(',');
    if (geometry.type() == Geometry.Type.GEOMETRYCOLLECTION) {
      out.text("geometries").raw(':').raw('[');
      boolean first = true;
      for (Geometry member : geometry.parts()) {
        if (!first) {
          out.raw(',');
        }
        first = false;
        geoJson(member, out);
      }
      out.raw(']');
    } else {
      out.text("coordinates").raw(':');
      coordinates(geometry, out);
    }
    out.raw('}');
  }

  private static void coordinates(Geometry geometry, JsonBuffer out) {
    out.raw('[');
    boolean first = true;
    for (double ordinate : geometry.position()) {
      if (!first) {
        out.raw(',');
      }
      first = false;
      out.real(ordinate);
    }
    for (Geometry part : geometry.parts()) {
      if (!first) {
        out.raw(',');
      }
      first = false;
      coordinates(part, out);
    }
    out.raw(']');
  }

  private static SqlValue asText(SqlValue[] arguments) {
    Geometry geometry = Geometry.of(TextFunctions.argument(arguments, 0));
    return geometry == null ? SqlValue.NULL : SqlValue.of(named(geometry));
  }

  private static String named(Geometry geometry) {
    if (geometry.position().isEmpty() && geometry.parts().isEmpty()) {
      return geometry.type() + " EMPTY";
    }
    String content =
        geometry.type() == Geometry.Type.POINT
            ? "(" + position(geometry) + ")"
            : geometry.parts().stream()
                .map(
                    part ->
                        geometry.type() == Geometry.Type.GEOMETRYCOLLECTION
                            ? named(part)
                            : unnamed(part))
                .collect(Collectors.joining(",", "(", ")"));
    return geometry.type() + content;
  }

  private static String unnamed(Geometry part) {
    return part.type() == Geometry.Type.POINT
        ? position(part)
        : part.parts().stream()
            .map(GeometryFunctions::unnamed)
            .collect(Collectors.joining(",", "(", ")"));
  }

  private static String position(Geometry point) {
    return point.position().stream().map(NumberText::of).collect(Collectors.joining(" "));
  }

  private static SqlValue ordinate(SqlValue[] arguments, int index) {
    Geometry geometry = Geometry.of(TextFunctions.argument(arguments, 0));
    return geometry == null || geometry.position().size() <= index
        ? SqlValue.NULL
        : SqlValue.of(geometry.position().get(index).doubleValue());
  }
}
