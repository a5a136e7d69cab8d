package io.sampo.node.edge.http2;

import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.stream.SinkShape;

/** A sink that hands its elements to a handler, in turns of its connection. */
public interface ResponseSink<T> {

  /** Takes what comes. */
  interface Handler<T> {
    void onElement(T element);

    void onComplete();

    void onFailure(Throwable cause);
  }

  Graph<SinkShape<T>, NotUsed> sink();

  /** Asks for one element. */
  void pull();

  void cancel();
}
