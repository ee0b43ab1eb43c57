/**
 * How fast sync configs are evaluated, measured with JMH: {@code mvn -Pjmh -pl ejb -am}. Figures
 * are in {@code docs/benchmarks.md}.
 */
package org.powersync.jakarta.syncconfig.benchmark;
