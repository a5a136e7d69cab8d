package io.sampo.node.peer.http;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.protobuf.InvalidProtocolBufferException;
import io.sampo.node.peer.PeerHeaders;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.MemberIds;
import io.sampo.node.state.membership.MemberJson;
import io.sampo.protocol.etcdserverpb.HashKVResponse;
import io.sampo.protocol.etcdserverpb.LeaseKeepAliveRequest;
import io.sampo.protocol.etcdserverpb.LeaseKeepAliveResponse;
import io.sampo.protocol.leasepb.LeaseInternalRequest;
import io.sampo.protocol.leasepb.LeaseInternalResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Materializer;

/** The questions of members beside Raft: members, promotions, leases, hashes, downgrades. */
final class ServiceRoutes {
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int PRECONDITION = 412;
  private static final int TOO_LARGE = 413;
  private static final long READ_MILLIS = 5_000;

  /** A question is an id and a flag (etcd 3.7.1, leasehttp). */
  private static final int MAX_BYTES = 64 << 10;

  private final long clusterId;
  private final PeerServices services;
  private final Materializer materializer;

  ServiceRoutes(long clusterId, PeerServices services, Materializer materializer) {
    this.clusterId = clusterId;
    this.services = services;
    this.materializer = materializer;
  }

  CompletionStage<HttpResponse> members(HttpRequest request) {
    if (!request.method().equals(HttpMethods.GET)) {
      return refuse(request, Replies.wrongMethod("GET"));
    }
    return done(named(Replies.json(json(services.members()))));
  }

  CompletionStage<HttpResponse> promote(HttpRequest request, String id) {
    if (!request.method().equals(HttpMethods.POST)) {
      return refuse(request, Replies.wrongMethod("POST"));
    }
    long member;
    try {
      member = Long.parseUnsignedLong(id);
    } catch (NumberFormatException notAnId) {
      return refuse(
          request, named(Replies.error(NOT_FOUND, "member %s not found in cluster".formatted(id))));
    }
    return services
        .promote(member, Compatibility.header(request, "Authorization"))
        .handle(
            (members, failure) ->
                named(failure == null ? Replies.json(json(members)) : Replies.failure(failure)));
  }

  /** Go's encoder ends with a line break. */
  private static String json(List<ClusterMember> members) {
    return new String(MemberJson.encodeAll(members), StandardCharsets.UTF_8) + "\n";
  }

  CompletionStage<HttpResponse> renewLease(HttpRequest request) {
    return lease(
        request,
        body -> {
          long id = LeaseKeepAliveRequest.parseFrom(body).getID();
          return services
              .renewLease(id)
              .thenApply(
                  ttl ->
                      LeaseKeepAliveResponse.newBuilder()
                          .setID(id)
                          .setTTL(ttl)
                          .build()
                          .toByteArray());
        });
  }

  CompletionStage<HttpResponse> timeToLive(HttpRequest request) {
    return lease(
        request,
        body ->
            services
                .timeToLive(LeaseInternalRequest.parseFrom(body).getLeaseTimeToLiveRequest())
                .thenApply(
                    answer ->
                        LeaseInternalResponse.newBuilder()
                            .setLeaseTimeToLiveResponse(answer)
                            .build()
                            .toByteArray()));
  }

  private interface LeaseQuestion {
    CompletionStage<byte[]> ask(byte[] body) throws InvalidProtocolBufferException;
  }

  private CompletionStage<HttpResponse> lease(HttpRequest request, LeaseQuestion question) {
    return withBody(
        request,
        HttpMethods.POST,
        Replies.wrongMethod(),
        body -> {
          try {
            return question.ask(body).thenApply(answer -> Replies.bytes(Replies.PROTOBUF, answer));
          } catch (InvalidProtocolBufferException damaged) {
            return done(Replies.error(BAD_REQUEST, "error unmarshalling request"));
          }
        });
  }

  CompletionStage<HttpResponse> hashKv(HttpRequest request) {
    Optional<String> cluster = Compatibility.header(request, PeerHeaders.CLUSTER_ID);
    if (cluster.isPresent() && !cluster.get().equals(MemberIds.format(clusterId))) {
      return refuse(request, Replies.error(PRECONDITION, "cluster ID mismatch"));
    }
    return withBody(
        request,
        HttpMethods.GET,
        Replies.wrongMethod("GET"),
        body -> {
          long revision;
          try {
            revision = revisionIn(new String(body, StandardCharsets.UTF_8));
          } catch (JsonParseException | IllegalStateException | NumberFormatException damaged) {
            return done(Replies.error(BAD_REQUEST, "error unmarshalling request"));
          }
          return services.hashKv(revision).thenApply(hash -> named(Replies.json(json(hash))));
        });
  }

  private static long revisionIn(String json) {
    JsonElement revision = JsonParser.parseString(json).getAsJsonObject().get("revision");
    return revision == null ? 0 : revision.getAsLong();
  }

  /** Go leaves out what is zero. */
  private static String json(HashKVResponse hash) {
    JsonObject header = new JsonObject();
    add(header, "revision", hash.getHeader().getRevision());
    JsonObject json = new JsonObject();
    json.add("header", header);
    add(json, "hash", Integer.toUnsignedLong(hash.getHash()));
    add(json, "compact_revision", hash.getCompactRevision());
    add(json, "hash_revision", hash.getHashRevision());
    return json.toString();
  }

  private static void add(JsonObject json, String name, long value) {
    if (value != 0) {
      json.addProperty(name, value);
    }
  }

  CompletionStage<HttpResponse> downgradeEnabled(HttpRequest request) {
    if (!request.method().equals(HttpMethods.GET)) {
      return refuse(request, Replies.wrongMethod("GET"));
    }
    return services
        .downgradeEnabled()
        .handle(
            (enabled, failure) ->
                named(
                    failure == null
                        ? Replies.bytes(
                            ContentTypes.TEXT_PLAIN_UTF8,
                            String.valueOf(enabled).getBytes(StandardCharsets.US_ASCII))
                        : Replies.failure(failure)));
  }

  private CompletionStage<HttpResponse> withBody(
      HttpRequest request,
      HttpMethod method,
      HttpResponse wrongMethod,
      Function<byte[], CompletionStage<HttpResponse>> answer) {
    if (!request.method().equals(method)) {
      return refuse(request, wrongMethod);
    }
    if (request.entity().getContentLengthOption().orElse(0) > MAX_BYTES) {
      return refuse(request, Replies.error(TOO_LARGE, "request body too large"));
    }
    return request
        .entity()
        .toStrict(READ_MILLIS, MAX_BYTES, materializer)
        .handle(
            (entity, failure) ->
                failure == null
                    ? answer.apply(entity.getData().toArrayUnsafe())
                    : done(Replies.closing(Replies.error(BAD_REQUEST, "error reading body"))))
        .thenCompose(stage -> stage)
        .exceptionally(Replies::failure);
  }

  private CompletionStage<HttpResponse> refuse(HttpRequest request, HttpResponse response) {
    return done(Replies.unread(request, response, materializer));
  }

  private HttpResponse named(HttpResponse response) {
    return Replies.withCluster(response, clusterId);
  }

  private static CompletionStage<HttpResponse> done(HttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }
}
