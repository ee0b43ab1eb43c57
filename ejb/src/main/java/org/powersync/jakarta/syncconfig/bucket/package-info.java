/**
 * Bucket definitions of editions 1 and 2.
 *
 * <p>{@link org.powersync.jakarta.syncconfig.bucket.BucketDefinitionCompiler} reads the queries of
 * one definition, reports what is wrong and yields {@link
 * org.powersync.jakarta.syncconfig.bucket.CompiledBuckets}. Every sub-expression is a {@link
 * org.powersync.jakarta.syncconfig.bucket.Clause}: a value, or a {@link
 * org.powersync.jakarta.syncconfig.bucket.Match} between rows and parameters. What the names in a
 * query mean is a {@link org.powersync.jakarta.syncconfig.bucket.Scope}, one for each kind of
 * query. Specification: sync config 7.
 */
package org.powersync.jakarta.syncconfig.bucket;
