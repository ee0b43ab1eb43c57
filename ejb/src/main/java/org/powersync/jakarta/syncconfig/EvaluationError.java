package org.powersync.jakarta.syncconfig;

/**
 * A row or request that one definition could not evaluate; others are not affected.
 *
 * @param definition the bucket definition or stream
 * @param about the code of sync config section 13, such as {@code invalid-json}
 * @param text for the operator; holds no row data
 */
public record EvaluationError(String definition, String about, String text) {}
