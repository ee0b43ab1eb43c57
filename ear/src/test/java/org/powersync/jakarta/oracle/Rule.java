package org.powersync.jakarta.oracle;

import java.util.List;

/**
 * One definition of a sync config.
 *
 * @param name of the definition, and of the table its rows are in at the client
 * @param yaml lines of its definition, without the name
 * @param expected SQL for the source: {@code rule, id, row} of what {@code $USER} shall see, with
 *     {@code $KINDS} for the numbers the user subscribes with
 * @param subscribed whether clients have to subscribe, once for each of their numbers
 */
record Rule(String name, List<String> yaml, String expected, boolean subscribed) {}
