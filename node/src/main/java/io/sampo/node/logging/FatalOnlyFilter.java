package io.sampo.node.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/** Lets pass what {@link LogMarkers#FATAL} marks and nothing else: {@code --log-level=fatal}. */
final class FatalOnlyFilter extends Filter<ILoggingEvent> {
  @Override
  public FilterReply decide(ILoggingEvent event) {
    boolean fatal =
        event.getMarkerList() != null && event.getMarkerList().contains(LogMarkers.FATAL);
    return fatal ? FilterReply.NEUTRAL : FilterReply.DENY;
  }
}
