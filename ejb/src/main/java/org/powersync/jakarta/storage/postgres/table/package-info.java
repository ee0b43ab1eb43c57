/**
 * The records of replicated tables and how far their first copy is (storage sections 5.2 and 5.10).
 *
 * <p>A record stands for one table with one name, object id and replica identity; when the source
 * describes it otherwise, a new record takes its place and the old one is dropped with all its
 * rows.
 */
package org.powersync.jakarta.storage.postgres.table;
