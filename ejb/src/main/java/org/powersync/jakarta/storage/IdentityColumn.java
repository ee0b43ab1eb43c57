package org.powersync.jakarta.storage;

import java.util.Optional;
import java.util.OptionalInt;

/** A column of a table's replica identity, as stored with the table. */
public record IdentityColumn(String name, Optional<String> type, OptionalInt typeOid) {}
