package org.powersync.jakarta.syncconfig;

/**
 * What an event gets of one row (sync config section 14).
 *
 * @param event the event's name
 * @param data the columns of its payload query
 */
public record EventPayload(String event, OutputRow data) {}
