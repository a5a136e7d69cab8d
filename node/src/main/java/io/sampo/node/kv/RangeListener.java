package io.sampo.node.kv;

/** Times the reads of ranges. */
public interface RangeListener {
  /** A read begins; what is returned is handed to {@link #end}. */
  long begin();

  void end(long begin, boolean success);
}
