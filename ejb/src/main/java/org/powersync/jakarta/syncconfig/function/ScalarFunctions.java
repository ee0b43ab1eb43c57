package org.powersync.jakarta.syncconfig.function;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The functions by name, as one set of compatibility options has them. Immutable. */
public final class ScalarFunctions {
  private static final ScalarFunctions FIXED_JSON = new ScalarFunctions(true);
  private static final ScalarFunctions OLD_JSON = new ScalarFunctions(false);

  /**
   * A function and how many arguments it takes; only edition 3 insists on their number.
   *
   * @param minArguments at least these
   * @param maxArguments at most these
   */
  public record Entry(ScalarFunction function, int minArguments, int maxArguments) {}

  private final Map<String, Entry> entries = new HashMap<>();

  private ScalarFunctions(boolean fixedJsonExtract) {
    TextFunctions.register(this);
    BinaryFunctions.register(this);
    KindFunctions.register(this);
    JsonFunctions.register(this, fixedJsonExtract);
    TimeFunctions.register(this);
    GeometryFunctions.register(this);
  }

  /**
   * @param fixedJsonExtract the option {@code fixed_json_extract}
   */
  public static ScalarFunctions with(boolean fixedJsonExtract) {
    return fixedJsonExtract ? FIXED_JSON : OLD_JSON;
  }

  /** The function of that name, in any case. */
  public Optional<Entry> find(String name) {
    return Optional.ofNullable(entries.get(name.toLowerCase(Locale.ROOT)));
  }

  void add(String name, int minArguments, int maxArguments, ScalarFunction function) {
    entries.put(name, new Entry(function, minArguments, maxArguments));
  }
}
