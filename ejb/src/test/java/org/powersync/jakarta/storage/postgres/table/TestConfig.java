package org.powersync.jakarta.storage.postgres.table;

import java.util.Set;
import org.powersync.jakarta.syncconfig.BucketRow;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;
import org.powersync.jakarta.syncconfig.Evaluated;
import org.powersync.jakarta.syncconfig.ParameterEntry;
import org.powersync.jakarta.syncconfig.RequestEvaluation;
import org.powersync.jakarta.syncconfig.SyncConfig;
import org.powersync.jakarta.syncconfig.SyncRequest;
import org.powersync.jakarta.syncconfig.TableEvaluator;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.value.SourceRow;

/** A config that reads the named tables for data and puts no row anywhere. */
public record TestConfig(Set<String> dataTables) implements DeployedSyncConfig {
  @Override
  public SyncConfig config() {
    throw new UnsupportedOperationException("has no document");
  }

  @Override
  public boolean reads(TableName table) {
    return dataTables.contains(table.name());
  }

  @Override
  public RequestEvaluation evaluate(SyncRequest request) {
    throw new UnsupportedOperationException("serves nobody");
  }

  @Override
  public TableEvaluator evaluator(TableName table) {
    return new Evaluator(reads(table));
  }

  private record Evaluator(boolean syncsData) implements TableEvaluator {
    @Override
    public boolean syncsParameters() {
      return false;
    }

    @Override
    public Evaluated<BucketRow> data(SourceRow row) {
      return Evaluated.nothing();
    }

    @Override
    public Evaluated<ParameterEntry> parameters(SourceRow row) {
      return Evaluated.nothing();
    }
  }
}
