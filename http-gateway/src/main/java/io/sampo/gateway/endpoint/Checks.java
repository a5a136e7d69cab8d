package io.sampo.gateway.endpoint;

import io.sampo.protocol.etcdserverpb.AlarmType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /livez} and {@code /readyz}: named checks, all together or each under its own path. {@code
 * ?exclude=name} leaves one out, {@code ?verbose} lists them. etcd runs them in no fixed order, we
 * in the order they are declared. {@code disk_write} is Sampo's own: reads of a member that is
 * alone do not wait for its disk, so that without it nobody would hear.
 */
public final class Checks {
  private static final Logger LOG = LoggerFactory.getLogger(Checks.class);

  /** A check is empty if it passed, else the error's text. */
  private final Map<String, Supplier<CompletableFuture<Optional<String>>>> checks =
      new LinkedHashMap<>();

  private final String type;
  private final NodeProbes probes;

  private Checks(String type, NodeProbes probes) {
    this.type = type;
    this.probes = probes;
  }

  public static Checks livez(NodeProbes probes) {
    Checks livez = new Checks("livez", probes);
    livez.checks.put("serializable_read", probes::serializableRead);
    return livez;
  }

  public static Checks readyz(NodeProbes probes) {
    Checks readyz = new Checks("readyz", probes);
    readyz.checks.put(
        "data_corruption", () -> passes(!isCorrupt(probes), "alarm activated: CORRUPT"));
    readyz.checks.put("serializable_read", probes::serializableRead);
    readyz.checks.put("linearizable_read", probes::linearizableRead);
    readyz.checks.put(
        "non_learner", () -> passes(!probes.isLearner(), "not supported for learner"));
    readyz.checks.put(
        "disk_write", () -> passes(!probes.isDiskLate(), "the disk does not finish a write"));
    return readyz;
  }

  private static boolean isCorrupt(NodeProbes probes) {
    return probes.alarms().stream().anyMatch(member -> member.getAlarm() == AlarmType.CORRUPT);
  }

  private static CompletableFuture<Optional<String>> passes(boolean passed, String error) {
    return CompletableFuture.completedFuture(passed ? Optional.empty() : Optional.of(error));
  }

  public void addTo(PathMux mux) {
    String root = "/" + type;
    mux.handle(root, request -> handle(request, root, remaining(request)));
    for (String name : checks.keySet()) {
      String path = root + "/" + name;
      mux.handle(path, request -> handle(request, path, List.of(name)));
    }
  }

  private List<String> remaining(HttpRequest request) {
    List<String> names = new ArrayList<>(checks.keySet());
    List<String> unknown = new ArrayList<>(QueryString.of(request).all("exclude"));
    unknown.removeIf(name -> name.isEmpty() || names.remove(name));
    if (!unknown.isEmpty()) {
      LOG.atWarn()
          .addKeyValue("missing-health-checks", unknown)
          .log("some health checks cannot be excluded");
    }
    return names;
  }

  private CompletionStage<HttpResponse> handle(
      HttpRequest request, String path, List<String> names) {
    return Reply.refusalUnlessGet(request)
        .orElseGet(
            () -> run(names).thenApply(report -> answer(report, path, QueryString.of(request))));
  }

  private record Report(boolean passed, String lines) {
    Report with(String name, Optional<String> error) {
      String line =
          error.map(text -> "[-]" + name + " failed: " + text).orElse("[+]" + name + " ok");
      return new Report(passed && error.isEmpty(), lines + line + "\n");
    }
  }

  private CompletableFuture<Report> run(List<String> names) {
    CompletableFuture<Report> report = CompletableFuture.completedFuture(new Report(true, ""));
    for (String name : names) {
      report = report.thenCompose(soFar -> check(name).thenApply(error -> soFar.with(name, error)));
    }
    return report;
  }

  private CompletableFuture<Optional<String>> check(String name) {
    return checks
        .get(name)
        .get()
        .whenComplete(
            (error, failed) -> probes.checkMade(type, name, failed == null && error.isEmpty()));
  }

  private HttpResponse answer(Report report, String path, QueryString query) {
    if (report.passed()) {
      return Reply.unsniffedText((query.has("verbose") ? report.lines() : "") + "ok\n");
    }
    LOG.atError()
        .addKeyValue("path", path)
        .addKeyValue("reason", report.lines())
        .addKeyValue("status-code", 503)
        .log("Health check error");
    return Reply.error(StatusCodes.SERVICE_UNAVAILABLE, report.lines());
  }
}
