package io.sampo.persistence.log;

/**
 * The journal could not delete.
 *
 * @param lastEvent the last event that was to go
 */
record TrimFailed(long lastEvent, Throwable cause) implements LogCommand {}
