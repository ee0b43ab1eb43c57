package org.powersync.jakarta.syncconfig.bucket;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.query.CompilerSettings;
import org.powersync.jakarta.syncconfig.query.QueryReport;
import org.powersync.jakarta.syncconfig.value.SqlValue;
import org.powersync.jakarta.syncconfig.yaml.BucketDefinition;
import org.powersync.jakarta.syncconfig.yaml.Messages;
import org.powersync.jakarta.syncconfig.yaml.SqlText;

/** Compiles bucket definitions, reporting everything that is wrong with them. */
public final class BucketDefinitionCompiler {
  private static final int DEFAULT_PRIORITY = 3;

  private final CompilerSettings settings;
  private final Messages messages;

  public BucketDefinitionCompiler(CompilerSettings settings, Messages messages) {
    this.settings = settings;
    this.messages = messages;
  }

  /** The definition; of no use once there is a fatal message. */
  public CompiledBuckets compile(BucketDefinition definition) {
    List<ParameterQuery> parameterQueries =
        definition
            .parameters()
            .map(texts -> parameterQueries(definition, texts))
            .orElseGet(() -> List.of(implicitQuery(definition)));
    return new CompiledBuckets(
        definition.name(), parameterQueries, dataQueries(definition, parameterQueries));
  }

  private static ParameterQuery implicitQuery(BucketDefinition definition) {
    return new StaticQuery(
        definition.priority().orElse(DEFAULT_PRIORITY),
        "SELECT",
        new Computation.Constant(SqlValue.of(1)),
        List.of());
  }

  private List<ParameterQuery> parameterQueries(BucketDefinition definition, List<SqlText> texts) {
    SelectedParameters.Defaults defaults =
        new SelectedParameters.Defaults(definition.priority(), definition.acceptDangerous());
    List<ParameterQuery> queries = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      QueryReport report = new QueryReport(texts.get(i), messages);
      Optional<ParameterQuery> query =
          new ParameterQueryCompiler(definition.name(), i + 1, defaults, settings, report)
              .compile();
      if (query.isPresent()) {
        checkSameParameters(queries, query.get(), report);
        queries.add(query.get());
      }
    }
    return queries;
  }

  private static void checkSameParameters(
      List<ParameterQuery> before, ParameterQuery query, QueryReport report) {
    if (!before.isEmpty()
        && !new HashSet<>(before.get(0).parameters()).containsAll(query.parameters())) {
      report.fatal(
          "bucket-parameters-differ",
          "The first query of a definition names the bucket parameters; later ones cannot add any");
    }
  }

  private List<DataQuery> dataQueries(
      BucketDefinition definition, List<ParameterQuery> parameterQueries) {
    List<DataQuery> queries = new ArrayList<>();
    for (SqlText text : definition.data()) {
      QueryReport report = new QueryReport(text, messages);
      if (parameterQueries.isEmpty()) {
        report.fatal(
            "bucket-parameters-undefined",
            "The definition has no usable parameter query to say what its parameters are");
        continue;
      }
      new DataQueryCompiler(definition.name(), parameterQueries.get(0).parameters(), settings)
          .compile(report)
          .ifPresent(queries::add);
    }
    return queries;
  }
}
