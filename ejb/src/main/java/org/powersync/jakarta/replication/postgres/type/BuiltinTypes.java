package org.powersync.jakarta.replication.postgres.type;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.postgresql.core.Oid;

/** The types whose OIDs are the same in every database; the catalogue need not be asked. */
final class BuiltinTypes {
  static final long BOX = Oid.BOX;
  static final long LINE = Oid.LINE;
  private static final int PG_LSN = 3220;

  /** Array type and element type: the arrays that every edition decodes (appendix B). */
  private static final String ARRAYS =
      """
      1000:16 1001:17 1002:18 1003:19 1016:20 1005:21 1006:22 1007:23 1008:24 1009:25
      1028:26 1010:27 1011:28 1012:29 1013:30 199:114 143:142 1017:600 1018:601
      1019:602 1020:603 1027:604 629:628 651:650 1021:700 1022:701 719:718 775:774
      791:790 1040:829 1041:869 1034:1033 1014:1042 1015:1043 1182:1082 1183:1083
      1115:1114 1185:1184 1187:1186 1270:1266 1561:1560 1563:1562 1231:1700 2201:1790
      2207:2202 2208:2203 2209:2204 2210:2205 2211:2206 2951:2950 3221:3220 3643:3614
      3645:3615 3644:3642 3735:3734 3770:3769 3807:3802 4073:4072 4090:4089 4097:4096
      4192:4191 271:5069
      """;

  private static final Map<Long, Long> ELEMENTS =
      Arrays.stream(ARRAYS.split("\\s+"))
          .map(pair -> pair.split(":"))
          .collect(Collectors.toUnmodifiableMap(p -> Long.valueOf(p[0]), p -> Long.valueOf(p[1])));

  /** Scalars without an array type in the list: txid_snapshot, pg_snapshot, pg_node_tree. */
  private static final Set<Long> FURTHER_SCALARS = Set.of(2970L, 5038L, 194L);

  private static final Set<Long> SCALARS = Set.copyOf(ELEMENTS.values());

  private BuiltinTypes() {}

  static boolean knows(long oid) {
    return SCALARS.contains(oid) || ELEMENTS.containsKey(oid) || FURTHER_SCALARS.contains(oid);
  }

  /** Array types and their element types. */
  static Map<Long, Long> arrays() {
    return ELEMENTS;
  }

  /** The element type of an array type, or null. */
  static Long element(long arrayOid) {
    return ELEMENTS.get(arrayOid);
  }

  /** The decoder of a scalar; what has no rule of its own is text as printed. */
  static ValueDecoder scalar(long oid, TimeText times) {
    return switch ((int) oid) {
      case Oid.BOOL -> IntegerDecoder.BOOLEAN;
      case Oid.INT2, Oid.INT4, Oid.INT8, Oid.OID -> IntegerDecoder.NUMBER;
      case Oid.FLOAT4, Oid.FLOAT8 -> RealDecoder.INSTANCE;
      case Oid.BYTEA -> ByteaDecoder.INSTANCE;
      case Oid.JSON, Oid.JSONB -> ScalarDecoder.JSON;
      case Oid.DATE -> ScalarDecoder.changed(TimeText::date);
      case Oid.TIME -> ScalarDecoder.changed(times::time);
      case Oid.TIMESTAMP -> ScalarDecoder.changed(times::timestamp);
      case Oid.TIMESTAMPTZ -> ScalarDecoder.changed(times::timestamptz);
      case PG_LSN -> ScalarDecoder.changed(BuiltinTypes::logPosition);
      default -> ScalarDecoder.VERBATIM;
    };
  }

  /** Both halves padded, so that texts compare like positions. */
  private static String logPosition(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw TextCursor.malformed();
    }
    StringBuilder out = new StringBuilder("00000000/00000000".length());
    pad(text, 0, slash, out);
    out.append('/');
    pad(text, slash + 1, text.length(), out);
    return out.toString();
  }

  private static void pad(String text, int from, int to, StringBuilder out) {
    for (int missing = 8 - (to - from); missing > 0; missing--) {
      out.append('0');
    }
    out.append(text, from, to);
  }
}
