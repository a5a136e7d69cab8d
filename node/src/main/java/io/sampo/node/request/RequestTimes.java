package io.sampo.node.request;

import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** Observes {@code etcd_server_request_duration_seconds}. */
public final class RequestTimes implements RequestListener {
  private final Histogram seconds;
  private final LongSupplier nanoTime;
  private final Map<String, DistributionDataPoint> succeeded = new ConcurrentHashMap<>();

  public RequestTimes(Histogram seconds, LongSupplier nanoTime) {
    this.seconds = seconds;
    this.nanoTime = nanoTime;
  }

  @Override
  public long begin() {
    return nanoTime.getAsLong();
  }

  @Override
  public void end(String type, long begin, boolean success) {
    DistributionDataPoint point =
        success
            ? succeeded.computeIfAbsent(type, each -> seconds.labelValues(each, "true"))
            : seconds.labelValues(type, "false");
    point.observe((nanoTime.getAsLong() - begin) / 1e9);
  }
}
