package io.sampo.node.request;

/** Told how long requests of clients take from here to their answer. Called from any thread. */
public interface RequestListener {
  /** Hears nothing. */
  RequestListener NONE =
      new RequestListener() {
        @Override
        public long begin() {
          return 0;
        }

        @Override
        public void end(String type, long begin, boolean success) {}
      };

  /** The moment now, for {@link #end}. */
  long begin();

  /**
   * A request of this type has its answer.
   *
   * @param type as in {@link RequestName}, or {@code Range} or {@code ReadonlyTxn}
   */
  void end(String type, long begin, boolean success);
}
