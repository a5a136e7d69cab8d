package io.sampo.node.auth;

/** Who makes a call, and by which auth revision that was found. */
public record Caller(String user, long authRevision) {}
