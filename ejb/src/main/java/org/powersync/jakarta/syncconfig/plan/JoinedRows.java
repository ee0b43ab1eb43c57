package org.powersync.jakarta.syncconfig.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.syncconfig.ParameterLookup;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * The rows that a querier's entries gave so far, and the natural join over them (sync config
 * section 9.5): a lookup's rows go with those rows that it was asked with. Immutable; {@link #with}
 * makes the next state.
 */
final class JoinedRows {
  /** Nobody may have that many buckets; more combinations are an error rather than an outage. */
  private static final int MAX_COMBINATIONS = 200_000;

  /** Rows looked at in one join. */
  private static final int MAX_STEPS = 5_000_000;

  private final List<QuerierEntry> entries;
  private final SqlValue[] requestValues;
  private final Map<Integer, Rows> rows;

  /** The rows of one entry. */
  sealed interface Rows {
    boolean isEmpty();

    /** Of a table function. */
    record Of(List<SqlValue[]> all) implements Rows {
      @Override
      public boolean isEmpty() {
        return all.isEmpty();
      }
    }

    /** Of a lookup, by what was asked. */
    record ByLookup(Map<ParameterLookup, List<SqlValue[]>> found) implements Rows {
      @Override
      public boolean isEmpty() {
        return found.values().stream().allMatch(List::isEmpty);
      }
    }
  }

  /**
   * @param requestValues null where the request has no usable value
   * @param rows by entry
   */
  JoinedRows(List<QuerierEntry> entries, SqlValue[] requestValues, Map<Integer, Rows> rows) {
    this.entries = entries;
    this.requestValues = requestValues;
    this.rows = Map.copyOf(rows);
  }

  /** With the rows of further entries. */
  JoinedRows with(Map<Integer, Rows> more) {
    Map<Integer, Rows> all = new HashMap<>(rows);
    all.putAll(more);
    return new JoinedRows(entries, requestValues, all);
  }

  boolean isEmpty(int entry) {
    return !rows.containsKey(entry) || rows.get(entry).isEmpty();
  }

  /** What a lookup has to be asked: each key that its inputs allow, once. */
  Set<ParameterLookup> keys(QuerierEntry.Lookup lookup) {
    Set<ParameterLookup> keys = new LinkedHashSet<>();
    join(
        lookup.keys(),
        chosen -> {
          ParameterLookup key = key(lookup, chosen);
          if (key != null) {
            keys.add(key);
          }
        });
    return keys;
  }

  /**
   * All combinations of values. Each row that a value comes from counts; where several inputs agree
   * on a value, it counts once for each of them.
   */
  List<SqlValue[]> combinations(List<KeyValue> values) {
    List<SqlValue[]> combinations = new ArrayList<>();
    Set<List<Object>> seen = new HashSet<>();
    join(
        values,
        chosen -> {
          SqlValue[] combination = values(values, chosen);
          if (combination != null) {
            for (List<Object> origin : origins(values, chosen)) {
              if (seen.add(origin)) {
                combinations.add(combination);
                checkBound(combinations.size(), MAX_COMBINATIONS);
              }
            }
          }
        });
    return combinations;
  }

  private static void checkBound(int count, int limit) {
    if (count > limit) {
      throw new PowerSyncException(
              ErrorCode.PSYNC_S2305, "Too many combinations of parameters in one stream")
          .with("limit", limit);
    }
  }

  /** Visits every consistent choice of one row per entry that the values depend on. */
  private void join(List<KeyValue> values, Consumer<SqlValue[][]> visitor) {
    TreeSet<Integer> needed = new TreeSet<>();
    List<KeyValue.Common> commons = new ArrayList<>();
    values.forEach(value -> need(value, needed, commons));
    new Join(List.copyOf(needed), commons, visitor).choose(0);
  }

  private void need(KeyValue value, Set<Integer> needed, List<KeyValue.Common> commons) {
    if (value instanceof KeyValue.Common common) {
      commons.add(common);
    }
    value.forEachEntry(
        entry -> {
          if (needed.add(entry) && entries.get(entry) instanceof QuerierEntry.Lookup lookup) {
            lookup.keys().forEach(key -> need(key, needed, commons));
          }
        });
  }

  private final class Join {
    private final List<Integer> needed;
    private final List<KeyValue.Common> commons;
    private final Consumer<SqlValue[][]> visitor;
    private final SqlValue[][] chosen = new SqlValue[entries.size()][];
    private int steps;

    Join(List<Integer> needed, List<KeyValue.Common> commons, Consumer<SqlValue[][]> visitor) {
      this.needed = needed;
      this.commons = commons;
      this.visitor = visitor;
    }

    void choose(int position) {
      if (position == needed.size()) {
        visitor.accept(chosen);
        return;
      }
      int entry = needed.get(position);
      for (SqlValue[] row : candidates(entry)) {
        checkBound(++steps, MAX_STEPS);
        chosen[entry] = row;
        if (agree()) {
          choose(position + 1);
        }
      }
      chosen[entry] = null;
    }

    /** Whether the rows chosen so far can still have all in common that they need to. */
    private boolean agree() {
      for (KeyValue.Common common : commons) {
        SqlValue agreed = null;
        for (KeyValue input : common.values()) {
          boolean open = input instanceof KeyValue.Output output && chosen[output.entry()] == null;
          if (!open) {
            SqlValue value = value(input, chosen);
            if (value == null || agreed != null && !agreed.equals(value)) {
              return false;
            }
            agreed = value;
          }
        }
      }
      return true;
    }

    private List<SqlValue[]> candidates(int entry) {
      Rows of = rows.get(entry);
      if (of instanceof Rows.Of all) {
        return all.all();
      }
      if (of instanceof Rows.ByLookup byLookup) {
        ParameterLookup key = key((QuerierEntry.Lookup) entries.get(entry), chosen);
        return key == null ? List.of() : byLookup.found().getOrDefault(key, List.of());
      }
      return List.of();
    }
  }

  private ParameterLookup key(QuerierEntry.Lookup lookup, SqlValue[][] chosen) {
    SqlValue[] values = values(lookup.keys(), chosen);
    return values == null
        ? null
        : new ParameterLookup(lookup.scope(), lookup.queryId(), List.of(values));
  }

  /** The values under a choice; null when one has none. */
  private SqlValue[] values(List<KeyValue> keys, SqlValue[][] chosen) {
    SqlValue[] values = new SqlValue[keys.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(keys.get(i), chosen);
      if (values[i] == null) {
        return null;
      }
    }
    return values;
  }

  private SqlValue value(KeyValue key, SqlValue[][] chosen) {
    if (key instanceof KeyValue.Request request) {
      return requestValues[request.index()];
    }
    if (key instanceof KeyValue.Output output) {
      return chosen[output.entry()][output.output()];
    }
    SqlValue agreed = null;
    for (KeyValue input : ((KeyValue.Common) key).values()) {
      SqlValue value = value(input, chosen);
      if (value == null || agreed != null && !agreed.equals(value)) {
        return null;
      }
      agreed = value;
    }
    return agreed;
  }

  /** What a combination comes from, in each way it counts. */
  private static List<List<Object>> origins(List<KeyValue> values, SqlValue[][] chosen) {
    List<List<Object>> origins = List.of(List.of());
    for (KeyValue value : values) {
      List<KeyValue> inputs =
          value instanceof KeyValue.Common common ? common.values() : List.of(value);
      List<List<Object>> longer = new ArrayList<>(origins.size() * inputs.size());
      for (List<Object> origin : origins) {
        for (KeyValue input : inputs) {
          List<Object> with = new ArrayList<>(origin);
          with.add(input);
          with.add(input instanceof KeyValue.Output output ? chosen[output.entry()] : input);
          longer.add(with);
        }
      }
      origins = longer;
    }
    return origins;
  }
}
