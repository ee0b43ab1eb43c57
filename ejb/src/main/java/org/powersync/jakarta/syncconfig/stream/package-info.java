/**
 * The compiler of edition 3: streams as SQL become a {@link
 * org.powersync.jakarta.syncconfig.plan.SyncPlan}.
 *
 * <p>{@link org.powersync.jakarta.syncconfig.stream.StreamCompiler} takes each query through these
 * steps. {@code QueryCompiler} resolves names: all tables of a query, its subqueries and common
 * table expressions become one flat list of {@code Item}s, and all conditions one list of {@code
 * Condition}s. {@code Disjunction} turns these into an OR of ANDs of {@code Part}s, each about one
 * item, about the request, or an equality between two of them. {@code TermResolver} walks each AND
 * from the primary table and finds partition keys, row filters and lookups. {@code PlanBuilder}
 * numbers the terms and merges what is equal. Specification: sync config 9.1 to 9.3.
 */
package org.powersync.jakarta.syncconfig.stream;
