/**
 * The benchmark harness: each benchmark measures work of the product and a yardstick — the same
 * bytes moved by PostgreSQL with nothing of ours in between — in one run on one machine, checks
 * that the work was really done, and reports the ratio.
 *
 * <p>{@code mvn -Pbench -Dbench=P1,P3,P5,P7}; sizes can be scaled with {@code -Dbench.scale}.
 * Results: one JSON line per figure in {@code ear/target/bench.ndjson}, and docs/benchmarks.md.
 */
package org.powersync.jakarta.bench;
