/**
 * What bucket definitions, early streams and events have in common: queries over one table.
 *
 * <p>A {@link org.powersync.jakarta.syncconfig.query.TableSelect} is such a query while it is
 * compiled; its select list becomes a {@link
 * org.powersync.jakarta.syncconfig.query.TableProjection}, which makes output rows of source rows.
 * {@link org.powersync.jakarta.syncconfig.query.ClauseCompiler} turns SQL expressions into {@link
 * org.powersync.jakarta.syncconfig.query.Clause}s; what names mean is up to a {@link
 * org.powersync.jakarta.syncconfig.query.Scope}. Everything wrong goes to a {@link
 * org.powersync.jakarta.syncconfig.query.QueryReport}. Specification: sync config 4, 6, 7.1 and 11.
 */
package org.powersync.jakarta.syncconfig.query;
