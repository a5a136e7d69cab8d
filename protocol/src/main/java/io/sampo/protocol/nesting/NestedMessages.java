package io.sampo.protocol.nesting;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;

/**
 * Reads messages that nest as deep as Go's protobuf lets them, which is what etcd takes: 10,000,
 * the outermost one counted. A transaction in a transaction is two of them, so that 4,998 fit. To
 * read, check, run and write such a message takes stack at every level: threads that do so need
 * {@link #STACK_BYTES}.
 */
public final class NestedMessages {
  private static final int MAX_DEPTH = 10_000;

  /** Measured: without compiled code the deepest transaction takes up to 6 MB. */
  public static final long STACK_BYTES = 16L << 20;

  private NestedMessages() {}

  /** Reads a request; one that nests too deep is no message. */
  public static <T> T request(Parser<T> parser, byte[] bytes)
      throws InvalidProtocolBufferException {
    return read(parser, CodedInputStream.newInstance(bytes), MAX_DEPTH);
  }

  /** Reads what the log holds, where a request stands in another message. */
  public static <T> T logged(Parser<T> parser, ByteString bytes)
      throws InvalidProtocolBufferException {
    return read(parser, bytes.newCodedInput(), MAX_DEPTH + 1);
  }

  private static <T> T read(Parser<T> parser, CodedInputStream input, int depth)
      throws InvalidProtocolBufferException {
    input.setRecursionLimit(depth - 1); // Java does not count the outermost message.
    T message = parser.parseFrom(input);
    input.checkLastTagWas(0);
    return message;
  }
}
