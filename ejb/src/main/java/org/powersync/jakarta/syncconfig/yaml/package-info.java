/**
 * The document around the SQL of a sync config.
 *
 * <p>{@link org.powersync.jakarta.syncconfig.yaml.SyncConfigDocument#read} turns YAML text into a
 * document model and reports everything wrong with its structure; the SQL in it is left as {@link
 * org.powersync.jakarta.syncconfig.yaml.SqlText}, which knows its place and parses itself. All of
 * loading writes into one {@link org.powersync.jakarta.syncconfig.yaml.Messages}, which turns
 * places into lines and columns. Aliases are nodes of their own and never followed, so a document
 * cannot grow while it is read. Specification: sync config 2, 3 and 13.
 */
package org.powersync.jakarta.syncconfig.yaml;
