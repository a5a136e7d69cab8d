package io.sampo.node.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import org.apache.pekko.http.scaladsl.model.IllegalResponseException;

/**
 * Keeps out what Pekko HTTP's pool says, with a stack trace, of a server whose answer is not HTTP.
 * That is no bug of this node, and who asked has the failure and logs it.
 */
final class BadAnswerFilter extends Filter<ILoggingEvent> {
  private static final String BAD_ANSWER = IllegalResponseException.class.getName();
  private static final String OF_STREAM = "Error in stage ";

  @Override
  public FilterReply decide(ILoggingEvent event) {
    IThrowableProxy thrown = event.getThrowableProxy();
    boolean badAnswer =
        thrown != null
            && thrown.getClassName().equals(BAD_ANSWER)
            && event.getFormattedMessage().startsWith(OF_STREAM);
    return badAnswer ? FilterReply.DENY : FilterReply.NEUTRAL;
  }
}
