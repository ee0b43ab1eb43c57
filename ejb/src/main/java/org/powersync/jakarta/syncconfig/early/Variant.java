package org.powersync.jakarta.syncconfig.early;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.expression.Inputs;
import org.powersync.jakarta.syncconfig.value.Casts;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * One AND of a stream's condition, with a bucket name of its own (sync config section 8.1).
 * Immutable.
 *
 * @param parameters the values in a bucket's name, in order
 * @param checks lookups that have to find something
 */
record Variant(
    int number,
    List<Term.RowFilter> rowFilters,
    List<Term.RequestFilter> requestFilters,
    List<Parameter> parameters,
    List<Lookup> checks) {
  Variant {
    rowFilters = List.copyOf(rowFilters);
    requestFilters = List.copyOf(requestFilters);
    parameters = List.copyOf(parameters);
    checks = List.copyOf(checks);
  }

  /** A value in a bucket's name. */
  sealed interface Parameter {
    /** What is compared, for people. */
    String text();

    Values row();

    /** The request gives the value. */
    record OfRequest(String text, Values row, Values request) implements Parameter {}

    /** The result of a lookup is the value. */
    record OfLookup(String text, Values row, Lookup lookup) implements Parameter {}
  }

  /** The variant of some terms; its subqueries get the next numbers. */
  static Variant of(int number, List<Term> terms, LookupNumbers numbers) {
    List<Term.RowFilter> rowFilters = new ArrayList<>();
    List<Term.RequestFilter> requestFilters = new ArrayList<>();
    List<Parameter> parameters = new ArrayList<>();
    List<Lookup> checks = new ArrayList<>();
    for (Term term : terms) {
      if (term instanceof Term.RowFilter filter) {
        rowFilters.add(filter);
      } else if (term instanceof Term.RequestFilter filter) {
        requestFilters.add(filter);
      } else if (term instanceof Term.Parameter both) {
        parameters.add(new Parameter.OfRequest(both.text(), both.row(), both.request()));
      } else if (term instanceof Term.RowInSubquery in) {
        Lookup lookup = numbers.next(in.subquery());
        parameters.add(new Parameter.OfLookup(in.text(), in.row(), lookup));
      } else if (term instanceof Term.RequestInSubquery in) {
        checks.add(numbers.next(in.subquery()));
      }
    }
    return new Variant(number, rowFilters, requestFilters, parameters, checks);
  }

  /** Gives numbers to the subqueries of a stream. */
  @FunctionalInterface
  interface LookupNumbers {
    Lookup next(Subquery subquery);
  }

  /** All lookups of this variant. */
  List<Lookup> lookups() {
    List<Lookup> all = new ArrayList<>(checks);
    for (Parameter parameter : parameters) {
      if (parameter instanceof Parameter.OfLookup of) {
        all.add(of.lookup());
      }
    }
    return all;
  }

  /** The parameters of each bucket that a row is in. */
  List<SqlValue[]> ofRow(Inputs row) {
    for (Term.RowFilter filter : rowFilters) {
      if (!Casts.truth(filter.condition().compute(row))) {
        return List.of();
      }
    }
    return Values.combinations(parameters.stream().map(p -> p.row().of(row)).toList());
  }

  /**
   * What a request knows of its buckets: a list for each parameter, null where lookups give it;
   * empty when it is in no bucket of this variant.
   */
  Optional<List<List<SqlValue>>> ofRequest(Inputs request) {
    for (Term.RequestFilter filter : requestFilters) {
      if (!Casts.truth(filter.condition().compute(request))) {
        return Optional.empty();
      }
    }
    List<List<SqlValue>> values = new ArrayList<>();
    for (Parameter parameter : parameters) {
      List<SqlValue> known =
          parameter instanceof Parameter.OfRequest of ? of.request().of(request) : null;
      if (known != null && known.isEmpty()) {
        return Optional.empty();
      }
      values.add(known);
    }
    return Optional.of(values);
  }
}
