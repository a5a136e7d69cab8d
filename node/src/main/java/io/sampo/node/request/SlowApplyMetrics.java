package io.sampo.node.request;

import com.google.protobuf.Message;
import io.prometheus.metrics.core.metrics.Counter;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.TxnResponse;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Counts what took longer than {@code --warning-apply-duration}, and says so in etcd's words (etcd
 * 3.7.1, txn/util.go). Called on any thread.
 */
public final class SlowApplyMetrics {
  private static final Logger LOG = LoggerFactory.getLogger(SlowApplyMetrics.class);

  private final long warningNanos;
  private final Counter slowApplies;

  public SlowApplyMetrics(MetricsRegistry registry, long warningNanos) {
    this.warningNanos = warningNanos;
    slowApplies =
        registry.counter(
            "etcd_server_slow_apply_total",
            "The total number of slow apply requests (likely overloaded from slow disk).");
  }

  /**
   * A request of the log was applied, which took this long.
   *
   * @param response null if there is none
   */
  public void applied(InternalRaftRequest request, Message response, long nanos) {
    if (nanos > warningNanos) {
      String size = response == null ? "" : "size:" + response.getSerializedSize();
      warn(nanos, "", AppliedRequestText.of(request), size, null);
    }
  }

  /**
   * A range, or a transaction that only reads, has its answer, which took this long with all that
   * it waited for.
   *
   * @param answer null if it failed
   * @param failure null if it did not
   */
  public void read(Message request, Object answer, Throwable failure, long nanos) {
    if (nanos > warningNanos) {
      String response = failure == null ? response(answer) : "";
      if (request instanceof TxnRequest txn) {
        warn(nanos, "read-only txn ", RequestText.of(txn), response, failure);
      } else {
        warn(nanos, "read-only range ", RequestText.of(request), response, failure);
      }
    }
  }

  private void warn(long nanos, String prefix, String request, String response, Throwable failure) {
    slowApplies.inc();
    LoggingEventBuilder line =
        LOG.atWarn()
            .addKeyValue("took", Duration.ofNanos(nanos))
            .addKeyValue("expected-duration", Duration.ofNanos(warningNanos))
            .addKeyValue("prefix", prefix)
            .addKeyValue("request", request)
            .addKeyValue("response", response);
    if (failure != null) {
      line = line.addKeyValue("error", reason(EtcdException.causeOf(failure)));
    }
    line.log("apply request took too long");
  }

  /** A client that goes is what Go's context says. */
  private static String reason(Throwable cause) {
    return cause instanceof CancellationException
        ? "context canceled"
        : String.valueOf(cause.getMessage());
  }

  private static String response(Object answer) {
    if (answer instanceof CountedMessage range) {
      return "range_response_count:%d size:%d".formatted(range.shown(), range.size());
    }
    if (answer instanceof RangeResponse range) {
      return "range_response_count:%d size:%d"
          .formatted(range.getKvsCount(), range.getSerializedSize());
    }
    TxnResponse txn = (TxnResponse) answer;
    return "responses:<%s> size:%d"
        .formatted(
            txn.getResponsesList().stream()
                .map(each -> "range_response_count:" + each.getResponseRange().getKvsCount())
                .collect(Collectors.joining(" ")),
            txn.getSerializedSize());
  }
}
