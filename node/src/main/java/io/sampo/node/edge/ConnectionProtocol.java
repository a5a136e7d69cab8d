package io.sampo.node.edge;

import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/** A protocol that connections speak, behind TLS if there is TLS. */
@FunctionalInterface
public interface ConnectionProtocol {
  /**
   * What one connection is answered with: from the bytes that come in to those that go out. Ends
   * what goes out when the connection is to be closed, and fails when it is to be broken. What
   * comes in ends when the client sends nothing more; it may still read.
   */
  Flow<ByteString, ByteString, NotUsed> flow(Connection connection);
}
