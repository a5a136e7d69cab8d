package io.sampo.gateway.transcode;

import com.google.protobuf.Message;
import java.util.concurrent.Executor;

/**
 * Where answers are written as JSON. A service answers on a thread of its own, an actor's at times:
 * writing there would hold up others.
 *
 * @param small for those that are soon written
 * @param large for the others
 */
public record AnswerThreads(Executor small, Executor large) {
  private static final int LARGE_BYTES = 1 << 15;

  /** The same threads for all. */
  public static AnswerThreads all(Executor executor) {
    return new AnswerThreads(executor, executor);
  }

  /** For this answer; null for none. */
  Executor of(Message answer) {
    return answer != null && answer.getSerializedSize() > LARGE_BYTES ? large : small;
  }
}
