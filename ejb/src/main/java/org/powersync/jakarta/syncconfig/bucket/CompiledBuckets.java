package org.powersync.jakarta.syncconfig.bucket;

import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.BucketNaming;
import org.powersync.jakarta.syncconfig.BucketRow;
import org.powersync.jakarta.syncconfig.Definition;
import org.powersync.jakarta.syncconfig.DefinitionInfo;
import org.powersync.jakarta.syncconfig.DeployedDefinition;
import org.powersync.jakarta.syncconfig.ParameterEntry;
import org.powersync.jakarta.syncconfig.PendingBuckets;
import org.powersync.jakarta.syncconfig.ResolvedBucket;
import org.powersync.jakarta.syncconfig.RowQuery;
import org.powersync.jakarta.syncconfig.SyncRequest;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.TablePattern;
import org.powersync.jakarta.syncconfig.expression.RequestValues;
import org.powersync.jakarta.syncconfig.schema.ResultTable;
import org.powersync.jakarta.syncconfig.value.RowJson;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** A bucket definition ready to run. */
public final class CompiledBuckets implements Definition {
  private final String name;
  private final List<ParameterQuery> parameterQueries;
  private final List<DataQuery> dataQueries;

  CompiledBuckets(String name, List<ParameterQuery> parameterQueries, List<DataQuery> dataQueries) {
    this.name = name;
    this.parameterQueries = List.copyOf(parameterQueries);
    this.dataQueries = List.copyOf(dataQueries);
  }

  @Override
  public DefinitionInfo info() {
    return new DefinitionInfo(name, true, false);
  }

  @Override
  public List<TablePattern> sourceTables() {
    List<TablePattern> tables = new ArrayList<>();
    tableQueries().forEach(query -> tables.add(query.table()));
    dataQueries.forEach(query -> tables.add(query.table()));
    return tables;
  }

  @Override
  public List<ResultTable> results() {
    return dataQueries.stream().map(query -> query.projection().result()).toList();
  }

  private List<TableParameterQuery> tableQueries() {
    return parameterQueries.stream()
        .filter(TableParameterQuery.class::isInstance)
        .map(TableParameterQuery.class::cast)
        .toList();
  }

  @Override
  public DeployedDefinition deployed(BucketNaming naming) {
    return new Deployed(naming.prefix(name));
  }

  private final class Deployed implements DeployedDefinition {
    private final String prefix;

    Deployed(String prefix) {
      this.prefix = prefix;
    }

    @Override
    public List<RowQuery<BucketRow>> dataQueries(TableName table) {
      return dataQueries.stream()
          .filter(query -> query.table().matches(table))
          .map(query -> query.over(table, prefix))
          .toList();
    }

    @Override
    public List<RowQuery<ParameterEntry>> parameterQueries(TableName table) {
      return tableQueries().stream()
          .filter(query -> query.table().matches(table))
          .map(TableParameterQuery::overRows)
          .toList();
    }

    @Override
    public Resolution evaluate(SyncRequest request, RequestValues values) {
      List<ResolvedBucket> buckets = new ArrayList<>();
      List<PendingBuckets> pending = new ArrayList<>();
      for (ParameterQuery query : parameterQueries) {
        if (query instanceof StaticQuery fixed) {
          fixed.buckets(values).forEach(bucket -> buckets.add(bucket(query, bucket)));
        } else if (query instanceof ElementQuery elements) {
          elements.buckets(values).forEach(bucket -> buckets.add(bucket(query, bucket)));
        } else if (query instanceof TableParameterQuery table) {
          pending.addAll(pending(table, values));
        }
      }
      return new Resolution(buckets, pending, List.of());
    }

    private List<PendingBuckets> pending(TableParameterQuery query, RequestValues values) {
      var lookups = query.lookups(values);
      if (lookups.isEmpty()) {
        return List.of();
      }
      SqlValue[] requestParameters = query.requestParameters(values);
      return List.of(
          new PendingTableBuckets(
              lookups, row -> bucket(query, query.bucket(requestParameters, row))));
    }

    private ResolvedBucket bucket(ParameterQuery query, SqlValue[] parameters) {
      return new ResolvedBucket(
          new BucketName(prefix + RowJson.parameters(parameters)),
          query.priority(),
          name,
          List.of(SyncRequest.Reason.DEFAULT));
    }
  }
}
