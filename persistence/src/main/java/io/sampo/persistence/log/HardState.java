package io.sampo.persistence.log;

/**
 * What Raft must never forget besides the entries (Raft paper, figure 2).
 *
 * @param term the latest term this member has seen, 0 before the first
 * @param vote the member it voted for in that term, 0 for none
 */
public record HardState(long term, long vote) {
  public static final HardState INITIAL = new HardState(0, 0);
}
