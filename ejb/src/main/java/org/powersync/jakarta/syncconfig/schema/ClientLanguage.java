package org.powersync.jakarta.syncconfig.schema;

import java.util.Locale;
import java.util.function.Function;

/** What a client schema can be written in (sync config section 15). */
public enum ClientLanguage {
  JAVASCRIPT(schema -> ScriptSchema.write(schema, false)),
  TYPESCRIPT(schema -> ScriptSchema.write(schema, true)),
  /** The classes of the JavaScript SDK before version 1. */
  JAVASCRIPT_LEGACY(ScriptSchema::writeLegacy),
  DART(AppSchema::dart),
  KOTLIN(AppSchema::kotlin),
  SWIFT(AppSchema::swift),
  /** .NET, tables as objects. */
  DOTNET(DotnetSchema::tables),
  /** .NET, tables as classes with attributes. */
  DOTNET_ATTRIBUTES(DotnetSchema::classes),
  /** Statements for Drift. */
  DRIFT(SqlSchema::write),
  /** Statements for SQLDelight. */
  SQLDELIGHT(SqlSchema::write),
  /** Entities of Room. */
  ROOM(RoomSchema::write);

  private final Function<ClientSchema, String> writer;

  ClientLanguage(Function<ClientSchema, String> writer) {
    this.writer = writer;
  }

  /** The name in addresses and options, such as {@code dotnet-attributes}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The source text of a schema, ending in a line break. */
  public String write(ClientSchema schema) {
    return writer.apply(schema);
  }
}
