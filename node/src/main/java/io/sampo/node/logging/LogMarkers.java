package io.sampo.node.logging;

import org.slf4j.Marker;
import org.slf4j.helpers.BasicMarkerFactory;

/** Markers that give an event a level which slf4j does not have. */
public final class LogMarkers {
  /** On an error event: the node cannot go on; the line's level is {@code fatal}. */
  public static final Marker FATAL = new BasicMarkerFactory().getDetachedMarker("fatal");

  private LogMarkers() {}
}
