/**
 * The tables of the schema {@code powersync} as entities (storage section 2.2).
 *
 * <p>Entities serve what people reason about: streams, source tables, checkpoints of users, locks.
 * Rows that flow (operations, parameters, copies of rows) are written and read by set-based SQL;
 * their entities are for looking at single rows only. Other processes write these tables too, so
 * nothing is cached between transactions and nothing is created from the mapping. {@link
 * org.powersync.jakarta.storage.postgres.entity.EntityTransactions} runs work on them.
 */
package org.powersync.jakarta.storage.postgres.entity;
