package org.powersync.jakarta.replication.postgres.type;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import org.powersync.jakarta.syncconfig.Compatibility;

/** Compiles the descriptions of types to decoders, for one set of options. */
final class DecoderCompiler {
  private final LongFunction<PgType> types;
  private final LongConsumer altered;
  private final boolean customTypes;
  private final TimeText times;

  DecoderCompiler(LongFunction<PgType> types, LongConsumer altered, Compatibility compatibility) {
    this.types = types;
    this.altered = altered;
    this.customTypes = compatibility.customPostgresTypes();
    this.times = new TimeText(compatibility);
  }

  /** The decoder of a column. */
  ValueDecoder column(long oid, ReadPath path) {
    if (BuiltinTypes.knows(oid)) {
      return builtin(oid);
    }
    if (customTypes) {
      ValueDecoder decoder = custom(oid);
      return decoder instanceof ScalarDecoder ? decoder : new RawFallbackDecoder(decoder);
    }
    // A query reports the base type of a domain column, the stream the domain.
    if (path == ReadPath.SNAPSHOT && types.apply(oid) instanceof PgType.Domain domain) {
      return column(domain.baseOid(), path);
    }
    return ScalarDecoder.VERBATIM;
  }

  private ValueDecoder builtin(long oid) {
    Long element = BuiltinTypes.element(oid);
    if (element != null) {
      // Without the option, arrays of boxes are split at the wrong character; kept for clients.
      char delimiter = element == BuiltinTypes.BOX && customTypes ? ';' : ',';
      return new ArrayDecoder(BuiltinTypes.scalar(element, times), delimiter);
    }
    if (oid == BuiltinTypes.LINE && customTypes) {
      return new ArrayDecoder(RealDecoder.INSTANCE, ',');
    }
    return BuiltinTypes.scalar(oid, times);
  }

  private ValueDecoder custom(long oid) {
    if (BuiltinTypes.knows(oid)) {
      return builtin(oid);
    }
    PgType type = types.apply(oid);
    if (type instanceof PgType.Array array) {
      return new ArrayDecoder(custom(array.elementOid()), array.delimiter());
    } else if (type instanceof PgType.Domain domain) {
      return custom(domain.baseOid());
    } else if (type instanceof PgType.Composite composite) {
      List<ValueDecoder> attributes = new ArrayList<>();
      composite.typeOids().forEach(attribute -> attributes.add(custom(attribute)));
      return new CompositeDecoder(composite.names(), attributes, () -> altered.accept(oid));
    } else if (type instanceof PgType.Range range) {
      return new RangeDecoder(custom(range.subtypeOid()));
    } else if (type instanceof PgType.Multirange multirange) {
      return new MultirangeDecoder(new RangeDecoder(custom(multirange.subtypeOid())));
    }
    return ScalarDecoder.VERBATIM;
  }
}
