/**
 * The compiled form of streams (edition 3): what is stored, and how rows and requests are evaluated
 * with it.
 *
 * <p>A {@link org.powersync.jakarta.syncconfig.plan.SyncPlan} is plain data: data sources put rows
 * into buckets, parameter indexes answer lookups, and each stream has queriers that say which
 * buckets a subscription reads. Buckets and indexes are shared between streams. It comes from the
 * compiler in {@code stream} or from its stored JSON ({@link
 * org.powersync.jakarta.syncconfig.plan.PlanJson}), so that a deployed config is never compiled
 * again, and is turned into definitions by {@link
 * org.powersync.jakarta.syncconfig.plan.PlannedStreams}. Specification: sync config 9.4 to 9.7 and
 * 12.
 */
package org.powersync.jakarta.syncconfig.plan;
