package io.sampo.tests.load;

import java.nio.ByteBuffer;

/**
 * Counts the events of a watch while its messages pass, cut anywhere: of a {@code WatchResponse}
 * only the tags and lengths are read, and what lies between is skipped.
 */
final class WatchEvents {

  private enum Next {
    PREFIX,
    TAG,
    LENGTH,
    NUMBER
  }

  private static final int GRPC_PREFIX = 5;
  private static final int EVENT = 11;
  private static final int LENGTH_DELIMITED = 2;

  private Next next = Next.PREFIX;
  private long prefix;
  private int prefixBytes;
  private long messageRest;
  private int field;
  private long length;
  private int shift;
  private long skip;
  private long events;

  /** Events whose length was seen since the creation. */
  long count() {
    return events;
  }

  /** The next bytes of the stream. */
  void on(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      if (skip > 0) {
        int skipped = (int) Math.min(skip, bytes.remaining());
        bytes.position(bytes.position() + skipped);
        skip -= skipped;
        messageRest -= skipped;
      } else {
        on(bytes.get());
      }
      if (next != Next.PREFIX && messageRest == 0) {
        next = Next.PREFIX;
      }
    }
  }

  private void on(byte each) {
    if (next == Next.PREFIX) {
      onPrefix(each);
      return;
    }
    messageRest--;
    switch (next) {
      case TAG -> onTag(each);
      case LENGTH -> onLength(each);
      default -> next = each < 0 ? Next.NUMBER : Next.TAG;
    }
  }

  private void onPrefix(byte each) {
    prefix = prefix << 8 | each & 0xff;
    if (++prefixBytes == GRPC_PREFIX) {
      messageRest = prefix;
      prefix = 0;
      prefixBytes = 0;
      next = Next.TAG;
    }
  }

  /** All fields of the message have numbers below 16: their tags are one byte. */
  private void onTag(byte tag) {
    field = tag >>> 3;
    length = 0;
    shift = 0;
    next = (tag & 7) == LENGTH_DELIMITED ? Next.LENGTH : Next.NUMBER;
  }

  private void onLength(byte each) {
    length |= (long) (each & 0x7f) << shift;
    shift += 7;
    if (each >= 0) {
      skip = length;
      next = Next.TAG;
      events += field == EVENT ? 1 : 0;
    }
  }
}
