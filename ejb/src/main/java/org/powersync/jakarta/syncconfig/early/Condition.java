package org.powersync.jakarta.syncconfig.early;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.query.Clause;
import org.powersync.jakarta.syncconfig.sql.Span;

/** A condition made of AND and OR, every NOT already moved inward. Immutable. */
sealed interface Condition {
  /** As many ANDs may come out of one AND over ORs. */
  int MAX_PRODUCTS = 100;

  /** A condition on the row alone or on the request alone. */
  record Plain(Clause.Value value) implements Condition {
    Term term() {
      return value.origin() == Clause.Origin.REQUEST
          ? new Term.RequestFilter(value.computation())
          : new Term.RowFilter(value.computation());
    }
  }

  /** A relation between row and request, or one with a subquery. */
  record Related(Term term, Span span) implements Condition {}

  /** AND of at least two conditions that are no ANDs. */
  record All(List<Condition> conditions, Span span) implements Condition {}

  /** OR of at least two conditions that are no ORs. */
  record Any(List<Condition> conditions, Span span) implements Condition {}

  /** Something that was reported. */
  record Broken() implements Condition {}

  Condition BROKEN = new Broken();

  /** AND of two. */
  static Condition all(Condition left, Condition right, Span span) {
    List<Condition> flat = new ArrayList<>();
    for (Condition side : List.of(left, right)) {
      if (side instanceof All all) {
        flat.addAll(all.conditions());
      } else {
        flat.add(side);
      }
    }
    return flat.contains(BROKEN) ? BROKEN : new All(List.copyOf(flat), span);
  }

  /** OR of two. */
  static Condition any(Condition left, Condition right, Span span) {
    List<Condition> flat = new ArrayList<>();
    for (Condition side : List.of(left, right)) {
      if (side instanceof Any any) {
        flat.addAll(any.conditions());
      } else {
        flat.add(side);
      }
    }
    return flat.contains(BROKEN) ? BROKEN : new Any(List.copyOf(flat), span);
  }

  /**
   * The condition as OR of ANDs: of an AND, the factors that come from ORs stand first (sync config
   * section 8.1). Empty when there are too many.
   */
  default Optional<List<List<Term>>> variants() {
    if (this instanceof Plain plain) {
      return Optional.of(List.of(List.of(plain.term())));
    }
    if (this instanceof Related related) {
      return Optional.of(List.of(List.of(related.term())));
    }
    if (this instanceof Any any) {
      List<List<Term>> variants = new ArrayList<>();
      for (Condition condition : any.conditions()) {
        Optional<List<List<Term>>> more = condition.variants();
        if (more.isEmpty()) {
          return Optional.empty();
        }
        variants.addAll(more.get());
      }
      return Optional.of(variants);
    }
    return this instanceof All all ? products(all) : Optional.of(List.of());
  }

  private static Optional<List<List<Term>>> products(All all) {
    List<List<Term>> products = List.of(List.of());
    for (Condition condition : all.conditions()) {
      if (condition instanceof Any) {
        Optional<List<List<Term>>> factors = condition.variants();
        if (factors.isEmpty() || factors.get().size() * products.size() > MAX_PRODUCTS) {
          return Optional.empty();
        }
        products = times(products, factors.get());
      }
    }
    List<Term> plain = new ArrayList<>();
    for (Condition condition : all.conditions()) {
      if (!(condition instanceof Any)) {
        condition.variants().ifPresent(single -> single.forEach(plain::addAll));
      }
    }
    return Optional.of(times(products, List.of(plain)));
  }

  private static List<List<Term>> times(List<List<Term>> products, List<List<Term>> factors) {
    List<List<Term>> longer = new ArrayList<>();
    for (List<Term> product : products) {
      for (List<Term> factor : factors) {
        List<Term> terms = new ArrayList<>(product);
        terms.addAll(factor);
        longer.add(terms);
      }
    }
    return longer;
  }
}
