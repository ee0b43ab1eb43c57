package org.powersync.jakarta.syncconfig.stream;

import org.powersync.jakarta.syncconfig.sql.Span;
import org.powersync.jakarta.syncconfig.yaml.SqlText;

/** A part of one of the SQL texts of a document. */
record Origin(SqlText sql, Span span) {}
