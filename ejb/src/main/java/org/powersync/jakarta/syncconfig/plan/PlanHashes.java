package org.powersync.jakarta.syncconfig.plan;

import java.util.List;

/** Hashes of the parts of a plan (sync config section 9.7). */
public final class PlanHashes {
  private PlanHashes() {}

  /**
   * The hash that partition keys are ordered by.
   *
   * @param functions the row functions of the processor it belongs to
   */
  public static int ofKey(PlanExpression<PlanInput> key, List<SyncPlan.RowFunction> functions) {
    StableHash hash = new StableHash();
    addKey(hash, key, functions);
    return hash.finish();
  }

  static int of(SyncPlan.DataSource source) {
    StableHash hash = new StableHash();
    addSource(hash, source);
    return hash.finish();
  }

  static int of(SyncPlan.ParameterIndex index) {
    StableHash hash = new StableHash();
    addProcessor(hash, index.processor());
    index.outputs().forEach(hash::addExpression);
    return hash.finish();
  }

  static int of(SyncPlan.Bucket bucket, SyncPlan plan) {
    return new StableHash()
        .addUnordered(
            bucket.sources(), (hash, source) -> addSource(hash, plan.dataSources().get(source)))
        .finish();
  }

  private static void addSource(StableHash hash, SyncPlan.DataSource source) {
    addProcessor(hash, source.processor());
    for (SyncPlan.OutputColumn column : source.columns()) {
      if (column instanceof SyncPlan.OutputColumn.Named named) {
        hash.addExpression(named.expression()).addText(named.alias());
      }
    }
    source.outputTable().ifPresent(hash::addText);
  }

  private static void addProcessor(StableHash hash, SyncPlan.Processor processor) {
    processor.table().connection().ifPresent(hash::addText);
    processor.table().schema().ifPresent(hash::addText);
    hash.addText(processor.table().name());
    processor.filters().forEach(hash::addExpression);
    processor.keys().forEach(key -> addKey(hash, key, processor.functions()));
    for (SyncPlan.RowFunction function : processor.functions()) {
      addFunction(hash, function);
    }
  }

  private static void addKey(
      StableHash hash, PlanExpression<PlanInput> key, List<SyncPlan.RowFunction> functions) {
    key.forEachInput(
        input -> {
          if (input instanceof PlanInput.FunctionOutput output) {
            addFunction(hash, functions.get(output.function()));
          }
        });
    hash.addExpression(key);
  }

  private static void addFunction(StableHash hash, SyncPlan.RowFunction function) {
    hash.addText(function.name());
    function.arguments().forEach(hash::addExpression);
  }
}
