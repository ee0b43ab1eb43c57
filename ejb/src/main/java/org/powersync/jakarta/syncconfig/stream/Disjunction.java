package org.powersync.jakarta.syncconfig.stream;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.plan.PlanOperator;

/** Brings conditions to an OR of ANDs and simplifies it (sync config section 9.2). */
final class Disjunction {
  private static final int MAX_PRODUCTS = 100;

  private final Report report;
  private final Dependencies dependencies;

  /** A condition without NOT, its leaves already classified. */
  private sealed interface Normal {
    record And(List<Normal> operands, Optional<Origin> origin) implements Normal {}

    record Or(List<Normal> operands) implements Normal {}

    record Leaf(Part part) implements Normal {}
  }

  Disjunction(Report report) {
    this.report = report;
    this.dependencies = new Dependencies(report);
  }

  /**
   * The AND terms, in the order that numbers variants. Without conditions one empty term.
   *
   * @param conditions all of which have to hold
   * @param whole where messages about all of them go
   */
  List<List<Part>> terms(List<Condition> conditions, Origin whole) {
    List<List<Part>> terms = new ArrayList<>();
    List<List<Part>> single = new ArrayList<>();
    Normal normal = normal(new Condition.And(conditions, Optional.of(whole)), false);
    for (List<Part> term : products(normal, whole)) {
      List<Part> simplified = regroup(term, PlanOperator.AND);
      (simplified.size() == 1 ? single : terms).add(simplified);
    }
    for (Part part : regroup(single.stream().map(term -> term.get(0)).toList(), PlanOperator.OR)) {
      terms.add(List.of(part));
    }
    return terms;
  }

  /** NOT moved inward; nested ANDs and ORs are flat. */
  private Normal normal(Condition condition, boolean negated) {
    if (condition instanceof Condition.Not not) {
      return normal(not.operand(), !negated);
    }
    if (condition instanceof Condition.And and) {
      return negated ? or(and.operands(), true) : and(and.operands(), false, and.origin());
    }
    if (condition instanceof Condition.Or or) {
      return negated ? and(or.operands(), true, Optional.empty()) : or(or.operands(), false);
    }
    Condition.Base base = (Condition.Base) condition;
    return new Normal.Leaf(
        dependencies.part(negated ? ScalarCompiler.not(base.expression()) : base.expression()));
  }

  private Normal and(List<Condition> operands, boolean negated, Optional<Origin> origin) {
    if (operands.size() == 1) {
      return normal(operands.get(0), negated);
    }
    List<Normal> flat = new ArrayList<>();
    for (Condition operand : operands) {
      Normal normal = normal(operand, negated);
      if (normal instanceof Normal.And and) {
        flat.addAll(and.operands());
      } else {
        flat.add(normal);
      }
    }
    return new Normal.And(flat, origin);
  }

  private Normal or(List<Condition> operands, boolean negated) {
    List<Normal> flat = new ArrayList<>();
    for (Condition operand : operands) {
      Normal normal = normal(operand, negated);
      if (normal instanceof Normal.Or or) {
        flat.addAll(or.operands());
      } else {
        flat.add(normal);
      }
    }
    return new Normal.Or(flat);
  }

  private List<List<Part>> products(Normal normal, Origin around) {
    if (normal instanceof Normal.Leaf leaf) {
      return List.of(List.of(leaf.part()));
    }
    if (normal instanceof Normal.Or or) {
      return or.operands().stream().flatMap(operand -> products(operand, around).stream()).toList();
    }
    Normal.And and = (Normal.And) normal;
    Origin origin = and.origin().orElse(around);
    List<List<Part>> products = List.of(List.of());
    List<Part> plain = new ArrayList<>();
    for (Normal operand : and.operands()) {
      if (operand instanceof Normal.Leaf leaf) {
        plain.add(leaf.part());
      } else {
        List<List<Part>> alternatives = products(operand, origin);
        if (products.size() * alternatives.size() > MAX_PRODUCTS) {
          report.fatal(
              "too-many-or-terms",
              "The ORs of this condition multiply to more than "
                  + MAX_PRODUCTS
                  + " alternatives; split the query",
              origin);
          return List.of();
        }
        products = distributed(products, alternatives);
      }
    }
    return distributed(products, List.of(plain));
  }

  private static List<List<Part>> distributed(List<List<Part>> left, List<List<Part>> right) {
    List<List<Part>> products = new ArrayList<>(left.size() * right.size());
    for (List<Part> first : left) {
      for (List<Part> second : right) {
        List<Part> product = new ArrayList<>(first);
        product.addAll(second);
        products.add(product);
      }
    }
    return products;
  }

  /** Equalities, then what needs no table as one, then one part per table. */
  private static List<Part> regroup(List<Part> parts, PlanOperator operator) {
    List<Part> regrouped = new ArrayList<>();
    Optional<Part.Filter> withoutTable = Optional.empty();
    Map<Dependency, Part.Filter> byTable = new LinkedHashMap<>();
    for (Part part : parts) {
      if (!(part instanceof Part.Filter filter)) {
        regrouped.add(part);
      } else if (filter.withoutTable()) {
        withoutTable = Optional.of(withoutTable.map(f -> f.join(operator, filter)).orElse(filter));
      } else {
        byTable.merge(filter.dependency().get(), filter, (f, g) -> f.join(operator, g));
      }
    }
    withoutTable.ifPresent(regrouped::add);
    regrouped.addAll(byTable.values());
    return regrouped;
  }
}
