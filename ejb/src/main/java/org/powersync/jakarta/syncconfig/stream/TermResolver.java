package org.powersync.jakarta.syncconfig.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.powersync.jakarta.syncconfig.plan.PlanExpression;
import org.powersync.jakarta.syncconfig.plan.PlanOperator;

/**
 * Walks one AND term from the primary table to everything it is tied to (sync config section 9.3).
 */
final class TermResolver {
  private final StreamQuery query;
  private final List<Part> parts;
  private final Report report;
  private final Map<Item, Item> hosts = new IdentityHashMap<>();
  private final Map<Item, Node> nodes = new LinkedHashMap<>();
  private final List<PlanExpression<Reference>> requestFilters = new ArrayList<>();

  TermResolver(StreamQuery query, List<Part> parts, Report report) {
    this.query = query;
    this.parts = parts;
    this.report = report;
  }

  /** The resolved term; empty after fatal messages. */
  Optional<ResolvedTerm> resolve() {
    int before = report.fatalCount();
    attachLiterals();
    checkFunctions();
    if (report.fatalCount() > before) {
      return Optional.empty();
    }
    Node.Table primary = table(query.primary(), new HashSet<>());
    List<Node> exists = new ArrayList<>();
    for (Part part : parts) {
      if (part instanceof Part.Filter filter) {
        if (filter.withoutTable()) {
          requestFilters.add(filter.expression());
        } else {
          reach(filter.dependency().get(), exists);
        }
      } else {
        Part.Equality equality = (Part.Equality) part;
        reach(equality.left().dependency(), exists);
        reach(equality.right().dependency(), exists);
      }
    }
    primary.sink(0);
    exists.forEach(node -> node.sink(1));
    List<Node> others = nodes.values().stream().filter(node -> node != primary).toList();
    return Optional.of(new ResolvedTerm(query, primary, others, requestFilters));
  }

  /** What is not tied to the primary table has to exist all the same. */
  private void reach(Dependency dependency, List<Node> exists) {
    if (owner(dependency) instanceof Item item && !nodes.containsKey(item)) {
      exists.add(
          item instanceof Item.Table table
              ? table(table, new HashSet<>())
              : function((Item.Function) item));
    }
  }

  /** A table function over literals runs with the rows of the first table it is compared with. */
  private void attachLiterals() {
    for (StreamQuery.Column column : query.columns()) {
      column
          .expression()
          .ifPresent(
              expression ->
                  expression.forEachInput(
                      reference -> attach(reference.dependency(), query.primary())));
    }
    for (Part part : parts) {
      if (part instanceof Part.Equality equality) {
        Dependency left = owner(equality.left().dependency());
        Dependency right = owner(equality.right().dependency());
        attach(left, right);
        attach(right, left);
      }
    }
  }

  private void attach(Dependency function, Dependency table) {
    if (function instanceof Item.Function literal
        && literal.input().isEmpty()
        && table instanceof Item.Table host) {
      hosts.putIfAbsent(literal, host);
    }
  }

  /** Whose rows a dependency comes with. */
  private Dependency owner(Dependency dependency) {
    if (dependency instanceof Item.Function function) {
      if (function.input().isPresent() && function.input().get() instanceof Item.Table table) {
        return table;
      }
      return hosts.containsKey(function) ? hosts.get(function) : function;
    }
    return dependency;
  }

  private void checkFunctions() {
    Map<Item.Function, Set<Dependency>> compared = new HashMap<>();
    for (Part part : parts) {
      if (part instanceof Part.Equality equality) {
        Dependency left = owner(equality.left().dependency());
        Dependency right = owner(equality.right().dependency());
        if (left instanceof Item.Function a && right instanceof Item.Function b && a != b) {
          report.fatal(
              "unassociated-filter",
              "Two table functions over request data cannot be compared with each other",
              b.origin());
        }
        compare(left, right, compared);
        compare(right, left, compared);
      }
    }
    compared.forEach(
        (function, tables) -> {
          if (tables.size() > 1) {
            report.fatal(
                "table-valued-partition",
                "A table function over request data can only be compared with one table",
                function.origin());
          }
        });
  }

  private static void compare(
      Dependency function, Dependency other, Map<Item.Function, Set<Dependency>> compared) {
    if (function instanceof Item.Function f && other instanceof Item.Table) {
      compared.computeIfAbsent(f, key -> new HashSet<>()).add(other);
    }
  }

  /**
   * The node of a table with everything tied to it.
   *
   * @param path the tables being resolved, which take care of equalities with them
   */
  private Node.Table table(Item.Table item, Set<Item> path) {
    if (nodes.get(item) instanceof Node.Table known) {
      return known;
    }
    Node.Table node = new Node.Table(item);
    nodes.put(item, node);
    Set<Item> further = new HashSet<>(path);
    further.add(item);
    for (Part part : parts) {
      if (part instanceof Part.Filter filter) {
        if (filter.dependency().isPresent() && owner(filter.dependency().get()) == item) {
          node.filter(filter.expression());
        }
        continue;
      }
      Part.Equality equality = (Part.Equality) part;
      boolean left = owner(equality.left().dependency()) == item;
      boolean right = owner(equality.right().dependency()) == item;
      if (left && right) {
        node.filter(equal(equality));
      } else if (left) {
        key(node, equality.left(), equality.right(), further);
      } else if (right) {
        key(node, equality.right(), equality.left(), further);
      }
    }
    return node;
  }

  private void key(Node.Table node, Part.Side own, Part.Side other, Set<Item> path) {
    Dependency owner = owner(other.dependency());
    if (owner == Dependency.Request.REQUEST) {
      node.key(own.expression(), new Node.Source.Request(other.expression()));
    } else if (!path.contains(owner)) {
      Node source =
          owner instanceof Item.Table table ? table(table, path) : function((Item.Function) owner);
      node.key(own.expression(), new Node.Source.Output(source, source.output(other.expression())));
    }
  }

  /** The node of a table function over request data, with its conditions. */
  private Node.Function function(Item.Function item) {
    if (nodes.get(item) instanceof Node.Function known) {
      return known;
    }
    Node.Function node = new Node.Function(item);
    nodes.put(item, node);
    for (Part part : parts) {
      if (part instanceof Part.Filter filter) {
        if (filter.dependency().isPresent() && filter.dependency().get() == item) {
          node.filter(filter.expression());
        }
      } else if (part instanceof Part.Equality equality && isWithRequest(equality, item)) {
        node.filter(equal(equality));
      }
    }
    return node;
  }

  private static boolean isWithRequest(Part.Equality equality, Item.Function item) {
    Dependency left = equality.left().dependency();
    Dependency right = equality.right().dependency();
    return left == item && right == Dependency.Request.REQUEST
        || right == item && left == Dependency.Request.REQUEST;
  }

  private static PlanExpression<Reference> equal(Part.Equality equality) {
    return ScalarCompiler.binary(
        PlanOperator.EQUAL, equality.left().expression(), equality.right().expression());
  }
}
