package io.sampo.node.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.IllegalResponseException;
import org.junit.jupiter.api.Test;

class BadAnswerFilterTest {
  private final Logger logger = new LoggerContext().getLogger("a.Stage");
  private final BadAnswerFilter filter = new BadAnswerFilter();

  private FilterReply decide(String message, Throwable thrown) {
    return filter.decide(
        new LoggingEvent(getClass().getName(), logger, Level.ERROR, message, thrown, null));
  }

  @Test
  void anAnswerThatIsNotHttpIsNotLoggedByItsStream() {
    IllegalResponseException badAnswer =
        new IllegalResponseException(new ErrorInfo("not HTTP", "", ""));
    assertEquals(FilterReply.DENY, decide("Error in stage [a]: not HTTP", badAnswer));
    assertEquals(FilterReply.NEUTRAL, decide("of another", badAnswer));
  }

  @Test
  void whatNobodyExpectedIsLogged() {
    assertEquals(
        FilterReply.NEUTRAL, decide("Error in stage [a]: bug", new IllegalStateException("bug")));
    assertEquals(FilterReply.NEUTRAL, decide("Error in stage [a]", null));
  }
}
