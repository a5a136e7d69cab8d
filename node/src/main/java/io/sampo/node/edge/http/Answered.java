package io.sampo.node.edge.http;

import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What became of the answer that a handler was asked for.
 *
 * @param response null if it failed
 * @param failure null if it did not
 */
record Answered(HttpResponse response, Throwable failure) {
  private static final Logger LOG = LoggerFactory.getLogger(Answered.class);

  /** A handler that fails without an answer is a bug, which is logged. */
  HttpResponse orInternalError() {
    if (failure == null) {
      return response;
    }
    LOG.error("a request failed unexpectedly", failure);
    return HttpResponse.create().withStatus(StatusCodes.INTERNAL_SERVER_ERROR);
  }
}
