package io.sampo.node.logging;

/**
 * When a log file is put aside, and what becomes of those that were.
 *
 * @param maxSizeBytes that a file may have before the next line goes to a new one
 * @param maxAgeDays that a file is kept; 0 for ever
 * @param maxBackups how many are kept; 0 for all
 * @param localTime whether the names carry local time, not UTC
 * @param compress whether with gzip
 */
public record LogRotation(
    long maxSizeBytes, long maxAgeDays, long maxBackups, boolean localTime, boolean compress) {}
