package io.sampo.node.edge.http2;

import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.stream.SourceShape;

/** A source that a handler feeds in turns of its connection. */
public interface RequestSource<T> {
  Graph<SourceShape<T>, NotUsed> source();

  /** Whether an element may be pushed. */
  boolean isAvailable();

  void push(T element);

  void complete();

  void fail(Throwable cause);
}
