package org.powersync.jakarta.syncconfig.plan;

import java.util.Locale;
import java.util.Optional;

/** What an expression of a plan may read. */
public sealed interface PlanInput {
  /** As it counts for {@link StableHash}. */
  String hashText();

  /** A column of the source row, or of {@code json_each} where a request asks it. */
  record Column(String name) implements PlanInput {
    @Override
    public String hashText() {
      return name;
    }
  }

  /** What is known about the source table; plans that use it have version 2. */
  enum Metadata implements PlanInput {
    SCHEMA,
    TABLE_NAME,
    TABLE_SUFFIX;

    /** As in SQL and in stored plans, {@code table_name}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String hashText() {
      return "table." + text();
    }

    /** The one of that name. */
    public static Optional<Metadata> find(String text) {
      for (Metadata metadata : values()) {
        if (metadata.text().equals(text)) {
          return Optional.of(metadata);
        }
      }
      return Optional.empty();
    }
  }

  /** A JSON document of the request. */
  enum Request implements PlanInput {
    /** The payload of the token. */
    AUTH,
    /** The connection parameters. */
    CONNECTION,
    /** The parameters of the subscription, NULL without one. */
    SUBSCRIPTION;

    /** As in SQL and in stored plans. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String hashText() {
      return text();
    }

    /** The one of that name. */
    public static Optional<Request> find(String text) {
      for (Request request : values()) {
        if (request.text().equals(text)) {
          return Optional.of(request);
        }
      }
      return Optional.empty();
    }
  }

  /** A column of a table function that runs with the row; {@code function} is its index. */
  record FunctionOutput(int function, String name) implements PlanInput {
    @Override
    public String hashText() {
      return name;
    }
  }
}
