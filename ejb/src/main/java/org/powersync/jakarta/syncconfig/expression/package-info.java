/**
 * Expressions ready to run: what SQL says, turned into objects that compute values.
 *
 * <p>A {@link org.powersync.jakarta.syncconfig.expression.Computation} reads its {@link
 * org.powersync.jakarta.syncconfig.expression.Inputs}: columns of a row by slot, or the values of a
 * request. Slots are given out while a query is compiled ({@link
 * org.powersync.jakarta.syncconfig.expression.RowColumns}) and tied to a row's layout once per
 * layout. {@link org.powersync.jakarta.syncconfig.expression.Operators} builds computations from
 * computations; nothing here knows SQL text. Specification: sync config 6.
 */
package org.powersync.jakarta.syncconfig.expression;
