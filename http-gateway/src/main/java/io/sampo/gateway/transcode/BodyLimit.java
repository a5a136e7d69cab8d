package io.sampo.gateway.transcode;

import com.google.protobuf.Message;

/**
 * How large a request may be. The message has gRPC's limit; the JSON text gets eight times as much,
 * because a byte of a string may take six characters and base64 a third more than the bytes.
 *
 * @param messageBytes the largest message, encoded
 */
record BodyLimit(int messageBytes) {
  private static final int JSON_BYTES_PER_MESSAGE_BYTE = 8;

  long bodyBytes() {
    return (long) JSON_BYTES_PER_MESSAGE_BYTE * messageBytes;
  }

  boolean admits(Message message) {
    return message.getSerializedSize() <= messageBytes;
  }

  Failure refusal(long size) {
    return Failure.tooLarge(size, messageBytes);
  }
}
