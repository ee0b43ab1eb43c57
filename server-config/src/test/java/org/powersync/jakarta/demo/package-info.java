/**
 * The demonstration: databases, a small data set that keeps changing, and what to try with it.
 *
 * <p>Runs inside the build ({@code mvn -Pdemo}); nothing of it is part of the product.
 */
package org.powersync.jakarta.demo;
